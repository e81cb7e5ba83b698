"""Parts of the manual that the package itself says: attribute tables, the help of commands, the records of a run."""

from __future__ import annotations

import click
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from tenon.schema import Attribute, attribute_table

HEADINGS = {"attribute": 18, "type": 16, "unit": 14, "default": 12, "meaning": 40}
IN_CODE = {"attribute"}


class AttributeTable(SphinxDirective):
    """Show the attribute table named by the argument."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the table as nodes, without columns that are empty throughout."""
        rows = [_texts(row) for row in attribute_table(self.arguments[0])]
        shown = [heading for heading in HEADINGS if any(row[heading] for row in rows)]
        group = nodes.tgroup(cols=len(shown))
        group += [nodes.colspec(colwidth=HEADINGS[heading]) for heading in shown]
        group += nodes.thead("", _row([nodes.Text(heading) for heading in shown]))
        group += nodes.tbody("", *(_row([_cell(heading, row[heading]) for heading in shown]) for row in rows))
        return [nodes.table("", group, classes=["attributes"])]


class CommandHelp(SphinxDirective):
    """Show what ``tenon COMMAND --help`` prints; without an argument, ``tenon --help``."""

    optional_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return the help as a literal block."""
        from tenon.cli import main

        text = command_help(main.commands, self.arguments[0].split() if self.arguments else [])
        block = nodes.literal_block(text, text)
        block["language"] = "text"
        return [block]


def command_help(group: click.Command, path: list[str]) -> str:
    """Return the help of a command as it is printed on a terminal of 80 columns."""
    context = click.Context(group, info_name="tenon", terminal_width=80, **group.context_settings)
    command = group
    for name in path:
        if not isinstance(command, click.Group) or command.get_command(context, name) is None:
            message = f"there is no command 'tenon {' '.join(path)}'"
            raise ValueError(message)
        command = command.commands[name]
        context = click.Context(command, info_name=name, parent=context, **command.context_settings)
    return command.get_help(context)


def _texts(row: Attribute) -> dict[str, str]:
    """Say a row in few columns; what has no default is required, derived, or there under a condition."""
    return {
        "attribute": row.attribute,
        "type": f"({row.dims}) {row.dtype}" if row.dims else row.dtype,
        "unit": row.unit,
        "default": row.default or row.status,
        "meaning": row.description,
    }


def _cell(heading: str, text: str) -> nodes.Node:
    return nodes.literal(text, text) if heading in IN_CODE else nodes.Text(text)


def _row(cells: list[nodes.Node]) -> nodes.row:
    row = nodes.row()
    for cell in cells:
        row += nodes.entry("", nodes.paragraph("", "", cell))
    return row


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directives."""
    app.add_directive("attribute-table", AttributeTable)
    app.add_directive("command-help", CommandHelp)
    return {"parallel_read_safe": True}
