"""The page of the business file lists the keys of its schema, and nothing else."""

from pathlib import Path

from bot.business import file, keys

PAGE = Path(__file__).parents[3] / "docs" / "business-file.md"


def test_the_page_holds_what_the_schema_says() -> None:
    _, _, rest = PAGE.read_text("utf-8").partition("<!-- keys -->\n")
    assert rest.partition("<!-- end of keys -->")[0] == keys.as_markdown(file.json_schema())


def test_every_key_of_the_schema_is_listed_with_its_need_or_default() -> None:
    written = keys.as_markdown(file.json_schema())
    schema = file.json_schema()
    for found in (schema, *schema["$defs"].values()):
        for key in found.get("properties", {}):
            needed = "**needed**" if key in found.get("required", ()) else ""
            assert any(line.startswith(f"| `{key}` | {needed}") for line in written.splitlines()), key
    assert "| `hold_minutes` | `30` |" in written
    assert "| `notice_hours` | `24` |" in written
