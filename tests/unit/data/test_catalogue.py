"""Tables are found by name, and stored ones never hide shipped ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenon.data import catalogue, data_folder, import_table, load, store_table, write_csv_folder, write_table
from tenon.schema import SourceError, StorageError
from tests.unit.data.test_storage import same
from tests.unit.schema.examples import TABLE


def test_the_world_table_ships_and_says_that_it_is_estimated() -> None:
    (entry,) = catalogue()
    assert (entry.name, entry.year, entry.bundled, entry.estimated) == ("world-2022", 2022, True, True)
    assert "OECD" in entry.source
    assert "CC BY 4.0" in entry.license
    assert same(load(), load("world-2022"))


def test_a_stored_table_is_found_by_its_name() -> None:
    entry = store_table(TABLE, name="mine")
    assert [item.name for item in catalogue()] == ["world-2022", "mine"]
    assert not entry.bundled
    assert same(load("mine"), TABLE)


def test_an_imported_folder_is_stored_under_its_own_name(tmp_path: Path) -> None:
    entry = import_table(write_csv_folder(TABLE, tmp_path / "figures"))
    assert entry.name == "small"
    assert entry.path == data_folder() / "tables" / "small.npz"
    assert load("small").x.sum() == TABLE.x.sum()


def test_an_imported_table_may_be_given_a_name(tmp_path: Path) -> None:
    assert import_table(write_table(TABLE, tmp_path / "t.npz"), name="other").name == "other"


def test_a_path_is_read_without_storing(tmp_path: Path) -> None:
    assert same(load(write_table(TABLE, tmp_path / "t.npz")), TABLE)
    assert [item.name for item in catalogue()] == ["world-2022"]


def test_the_data_folder_can_be_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENON_DATA", str(tmp_path / "elsewhere"))
    assert store_table(TABLE, name="mine").path == tmp_path / "elsewhere" / "tables" / "mine.npz"


def test_by_default_the_data_folder_is_in_the_home_folder() -> None:
    assert Path.home() in data_folder().parents


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(SourceError, match=r"no table and no file 'wolrd-2022'; did you mean 'world-2022'\?"):
        load("wolrd-2022")


@pytest.mark.parametrize("name", ["", "a/b", ".hidden", "c:d"])
def test_a_name_that_cannot_be_a_file_is_refused(name: str) -> None:
    with pytest.raises(StorageError, match="cannot be the name of a table"):
        store_table(TABLE, name=name)


def test_the_name_of_a_shipped_table_is_taken() -> None:
    with pytest.raises(StorageError, match="'world-2022' is the name of a table that ships"):
        store_table(TABLE, name="world-2022")


def test_a_refused_import_stores_nothing(tmp_path: Path) -> None:
    folder = write_csv_folder(TABLE, tmp_path / "figures")
    (folder / "Y.csv").unlink()
    with pytest.raises(SourceError, match=r"Y.csv does not exist"):
        import_table(folder)
    assert not data_folder().exists()
