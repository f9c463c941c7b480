"""The house rules as tests: what a person keeps forgetting, with the fix in the message."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

from tests.support.shared import ROOT

FLOORS = ("integrations", "sync", "automations", "riskdesk")
OUR_NAMES = (*FLOORS, "templates")
MIGRATIONS = ROOT / "sync" / "migrations" / "versions"  # written by a tool, kept for ever
LONGEST_MODULE, LONGEST_FUNCTION, MOST_IMPORTS = 400, 50, 15
# Modules that do nothing but list what lies beside them.
LISTS = {"integrations/sandbox/routes/__init__.py"}
# Put together here, so that this file does not hold what it looks for.
REGISTRIES = ("py" + "pi.org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com")
NAIVE_CLOCKS = {"utcnow", "utcfromtimestamp", "today"}


def modules(*folders: str) -> list[Path]:
    """Return the Python files of these folders, without migrations."""
    return [
        path
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
        if MIGRATIONS not in path.parents
    ]


def name_of(path: Path) -> str:
    """Return the path as it stands in the repository."""
    return path.relative_to(ROOT).as_posix()


CODE = modules(*FLOORS)
EVERYTHING = CODE + modules("tests", "benchmarks")


def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text("utf-8"))


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function and method of a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def is_module(dotted: str) -> bool:
    """Tell whether a dotted name is a module or package of ours."""
    path = ROOT.joinpath(*dotted.split("."))
    return path.with_suffix(".py").exists() or path.is_dir()


def own_imports(tree: ast.Module) -> set[str]:
    """Return the modules of ours that a module imports."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            modules_inside = {name for name in inner if is_module(name)}
            found |= modules_inside | ({node.module} if inner - modules_inside else set())
    return {name for name in found if name.partition(".")[0] in OUR_NAMES}


def packages() -> list[str]:
    """Return the features: the packages one step below a floor, as paths."""
    return [
        name_of(path.parent) for floor in FLOORS for path in (ROOT / floor).glob("*/__init__.py")
    ]


def written_files() -> Iterator[Path]:
    """Yield every file of the project that is not installed or left behind by a tool."""
    for path in sorted(ROOT.iterdir()):
        if path.is_file() and path.name != ".env":
            yield path
        elif path.name == ".ci" or (path.is_dir() and not path.name.startswith(".")):
            inside = (one for one in sorted(path.rglob("*")) if "__pycache__" not in one.parts)
            yield from (one for one in inside if one.is_file())


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_a_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(parsed(path)), "say in one line what this module is for"


@pytest.mark.parametrize("path", EVERYTHING, ids=name_of)
def test_modules_and_functions_are_small(path: Path) -> None:
    sizes = {one.name: (one.end_lineno or 0) - one.lineno + 1 for one in functions(parsed(path))}

    assert len(path.read_text("utf-8").splitlines()) <= LONGEST_MODULE, "split it by topic"
    assert {name: size for name, size in sizes.items() if size > LONGEST_FUNCTION} == {}


@pytest.mark.parametrize("path", modules("integrations", "sync", "automations"), ids=name_of)
def test_a_module_leans_on_few_others(path: Path) -> None:
    """The front door and a list of routes name everything they join; nobody else may."""
    if name_of(path) in LISTS:
        return

    assert len(own_imports(parsed(path))) <= MOST_IMPORTS, "split it: it knows too much"


def clock_readings(path: Path) -> Iterator[tuple[int, str, bool]]:
    """Yield where a clock of `datetime` is read: line, method, and whether a zone was given."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = ast.unparse(node.func.value).rpartition(".")[2]
            if owner in {"datetime", "date"} and node.func.attr in {"now", *NAIVE_CLOCKS}:
                yield node.lineno, node.func.attr, bool(node.args or node.keywords)


@pytest.mark.parametrize("path", EVERYTHING, ids=name_of)
def test_no_clock_without_a_time_zone_is_read(path: Path) -> None:
    naive = [
        line
        for line, method, has_zone in clock_readings(path)
        if method in NAIVE_CLOCKS or not has_zone
    ]

    assert naive == []


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_the_machines_clock_is_read_in_one_place(path: Path) -> None:
    if name_of(path) != "integrations/runtime/clock.py":
        assert list(clock_readings(path)) == [], "pass `now` in, or call clock.utc_now()"


@pytest.mark.parametrize("name", OUR_NAMES)
def test_nobody_else_ships_our_package_names(name: str) -> None:
    assert set(packages_distributions().get(name, ())) <= {"riskdesk"}


@pytest.mark.parametrize("package", packages())
def test_the_readme_says_where_each_thing_is(package: str) -> None:
    assert package in (ROOT / "README.md").read_text("utf-8"), "add it to `Where things are`"


def test_no_file_names_a_package_registry() -> None:
    """The project installs from wherever it is; what names a host breaks elsewhere."""
    naming = [
        name_of(path)
        for path in written_files()
        if any(host.encode() in path.read_bytes() for host in REGISTRIES)
    ]

    assert naming == []


def test_the_versions_are_pinned_in_one_file_only() -> None:
    assert (ROOT / "requirements.lock").exists()
    assert not (ROOT / "uv.lock").exists()


def every_command() -> list[tuple[str, Any]]:
    """Return every command with its full name."""
    from riskdesk.commands.reference import commands_of  # noqa: PLC0415 - loads the whole app
    from riskdesk.commands.root import app  # noqa: PLC0415

    return list(commands_of(app))


def test_every_command_explains_itself_with_an_example() -> None:
    silent = [
        name for name, command in every_command() if f"Example: {name}" not in (command.help or "")
    ]

    assert silent == []


def test_every_option_of_every_command_explains_itself() -> None:
    silent = [
        f"{name} {option.name}"
        for name, command in every_command()
        for option in command.params
        if not getattr(option, "help", None)
    ]

    assert silent == []


def test_every_command_stands_on_its_page() -> None:
    page = (ROOT / "docs" / "commands.md").read_text("utf-8")

    assert [name for name, _ in every_command() if f"`{name}`" not in page] == []


def test_the_page_of_commands_says_what_the_commands_say() -> None:
    from riskdesk.commands.reference import build_page  # noqa: PLC0415 - loads the whole app
    from riskdesk.commands.root import app  # noqa: PLC0415

    page = (ROOT / "docs" / "commands.md").read_text("utf-8")

    assert page == build_page(app), "run: python -m riskdesk.commands.reference > docs/commands.md"


def module_graph() -> dict[str, set[str]]:
    """Return which of our modules imports which, imports for type checking included."""
    return {module_name(path): own_imports(parsed(path)) for path in CODE}


def module_name(path: Path) -> str:
    return name_of(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def test_no_modules_import_each_other_in_a_circle() -> None:
    sorter = TopologicalSorter(module_graph())

    sorter.prepare()  # raises CycleError and names the circle
    assert sorter.is_active()
