"""Plain sentences about the systemic risk of firms: what the command line prints and the page begins with."""

from __future__ import annotations

import numpy as np

from tenon.report.language import Language
from tenon.report.systemic.reading import SystemicFindings
from tenon.report.templating import scientific

__all__ = ["firm_name", "output_name", "sentences", "stopping", "times", "titles"]

_NAMED = 5
_LARGE, _NOTABLE = 0.1, 0.01
_FEW_TIMES = 10
_SMALL_EPS = 1e-4


def sentences(found: SystemicFindings, language: Language) -> list[str]:
    """Tell what was found.

    Parameters
    ----------
    found : SystemicFindings
        What was found.
    language : Language
        Language of the reader.

    Returns
    -------
    list of str
        The riskiest failure, how concentrated the risk is, the plateau with its firms, what the figures rest on.
    """
    return [_worst(found, language), _concentration(found, language), _plateau(found, language), _rest(found, language)]


def titles(found: SystemicFindings, language: Language) -> dict[str, str]:
    """Write the title of each part of the page.

    Parameters
    ----------
    found : SystemicFindings
        What was found.
    language : Language
        Language of the reader.

    Returns
    -------
    dict of str to str
        By name of the part.
    """
    text, figures = language.text, found.figures
    largest = int(figures.own.argmax())
    rank = language.number(largest + 1)
    title = {
        "overview": text(
            "systemic.title.overview",
            firm=found.names[0],
            share=language.percent(float(figures.index[0])),
            output=output_name(found, language),
        ),
        "size": text("systemic.title.size_same")
        if largest == 0
        else text("systemic.title.size", firm=found.names[largest], rank=rank),
        "firms": language.count("systemic.title.firms", found.plateau),
        "rules": text("systemic.title.rules"),
    }
    for kind, labels in (("sectors", found.sectors), ("regions", found.regions)):
        if labels:
            title[kind] = text(f"systemic.title.{kind}", label=labels[0])
    return title


def firm_name(found: SystemicFindings, language: Language, row: int) -> str:
    """Return the name of a failure, with its sector where the name does not say it.

    Parameters
    ----------
    found : SystemicFindings
        What was found.
    language : Language
        Language of the reader.
    row : int
        Which failure.

    Returns
    -------
    str
        For example ``"mill (flour)"``.
    """
    name = found.names[row]
    if not found.sectors or found.sectors[row] in name:
        return name
    return language.text("systemic.firm", name=name, sector=found.sectors[row])


def output_name(found: SystemicFindings, language: Language) -> str:
    """Say what counts as output.

    Parameters
    ----------
    found : SystemicFindings
        What was found.
    language : Language
        Language of the reader.

    Returns
    -------
    str
        All output, or sales between firms alone.
    """
    return language.text("systemic.output.all" if found.rules.all_output else "systemic.output.sales")


def stopping(found: SystemicFindings, language: Language) -> str:
    """Say when cascades ended.

    Parameters
    ----------
    found : SystemicFindings
        What was found.
    language : Language
        Language of the reader.

    Returns
    -------
    str
        The rule with its tolerance.
    """
    kind, eps = "converged" if found.rules.converged else "early", found.rules.eps
    return language.text(f"systemic.stopping.{kind}", eps=f"{eps:g}" if eps >= _SMALL_EPS else scientific(eps))


def times(language: Language, multiple: float) -> str:
    """Return how many times a failure takes its own share along.

    Parameters
    ----------
    language : Language
        Language of the reader.
    multiple : float, at least 1
        Index relative to the own share.

    Returns
    -------
    str
        With one decimal where there are few.
    """
    return language.number(multiple, digits=1 if multiple < _FEW_TIMES else 0)


def _worst(found: SystemicFindings, language: Language) -> str:
    figures = found.figures
    multiple = float(figures.multiple[0])
    known = language.text("systemic.told.times", times=times(language, multiple)) if np.isfinite(multiple) else ""
    return language.text(
        "systemic.told.worst",
        firm=firm_name(found, language, 0),
        share=language.percent(float(figures.index[0])),
        output=output_name(found, language),
        times=known,
        down=language.percent(float(figures.downstream[0])),
        up=language.percent(float(figures.upstream[0])),
    )


def _concentration(found: SystemicFindings, language: Language) -> str:
    large, notable = found.above(_LARGE), found.above(_NOTABLE)
    return language.count(
        "systemic.told.concentration_some" if found.interrupted else "systemic.told.concentration",
        len(found.names),
        all=language.number(found.firms),
        large=language.number(large),
        notable=language.number(notable),
        output=output_name(found, language),
        median=language.percent(float(np.median(found.figures.index))),
    )


def _plateau(found: SystemicFindings, language: Language) -> str:
    count = found.plateau
    figures = found.figures
    listed = [
        language.text(
            "systemic.told.item",
            firm=firm_name(found, language, row),
            share=language.percent(float(figures.index[row])),
        )
        for row in range(min(_NAMED, len(found.names)))
    ]
    return language.count(
        "systemic.told.plateau",
        count,
        own=language.percent(float(figures.own[:count].sum())),
        output=output_name(found, language),
        listed=language.join(listed),
    )


def _rest(found: SystemicFindings, language: Language) -> str:
    low, high = (language.number(rounds) for rounds in found.rules.rounds)
    rounds = low if low == high else language.text("systemic.rounds", low=low, high=high)
    return language.text(
        "systemic.told.rest",
        needs=language.text(f"systemic.needs.{found.rules.needs}"),
        stopping=stopping(found, language),
        rounds=rounds,
    )
