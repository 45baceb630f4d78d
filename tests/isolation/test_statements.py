"""Reads the source: every statement on a person's rows names an owner, and nothing keeps things where none is named.

A statement that speaks of everyone stands in a list below, with the reason. An entry that is not needed fails too.
"""

from __future__ import annotations

import ast
import functools
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("memsite", "accounts", "memories")

EVERYONE = {
    ("memories/storage/erasing.py", "settle"): "the whole file is cut at once: says so on the receipts, reads nothing",
    ("memories/storage/erasing.py", "unsettled"): "the background pass: whether there is one",
    ("memories/storage/ledger.py", "note"): "by namespace: the ledger outlives accounts, and holds ids alone",
    ("memories/storage/ledger.py", "lines"): "the operator's export: ids and moments",
    ("memories/storage/ledger.py", "drop_old"): "the background pass: by age, reads nothing",
    ("memories/storage/platform.py", "ask"): "by namespace: an erasure outlives its account, and holds no words",
    ("memories/storage/platform.py", "unconfirmed"): "by namespace, as above",
    ("memories/storage/platform.py", "platform_erasures"): "by receipts that were read by owner",
    ("memories/storage/platform.py", "due_erasures"): "the background pass: namespaces of what is to be erased",
    (
        "memories/inventory/entries.py",
        "rows",
    ): "each table names its owner in its own column: test_inventory fills them for two",
}
"""(file, function): why it may speak of everyone."""

ROOMS = {
    "memories/storage": "the statements",
    "memories/models": "the tables",
    "memories/erasure.py": "counts and removes, table by table, for one owner",
    "memories/inventory/": "the list of every place",
    "memories/admin_": "numbers about one person, no words",
    "memories/admin.py": "how many there are beside each person, no words",
    "memories/engines": "below the doors, bound to one owner like the stores they stand on",
}
"""Where a tenant table may be named with `.objects`, and what for."""

SQL = {
    "memories/storage/recall_rows.py": "the hot reads; their text is looked at below",
    "memories/storage/grouping.py": "the numbers of the whole list; its text is looked at below",
    "memories/storage/owner_scope.py": "names the owner to PostgreSQL's row policies",
    "memories/storage/everyone.py": "keys and numbers of everyone, each question listed there with who asks it",
    "memories/storage/erasing.py": "PRAGMAs",
    "memories/storage/loading.py": "fills a scratch database with made-up people",
    "memories/storage/tombstones.py": "one INSERT from SELECT, for the ORM has none",
}
SQL |= {
    "memories/checks.py": "asks for the role's rights",
    "memories/management/commands/distribute.py": "spreads tables over machines, reads no row",
    "memories/postgres/apply.py": "policies and keys: changes tables, reads no row",
    "memories/postgres/catalog.py": "the database's own catalogues",
    "memories/postgres/roles.py": "rights",
    "memories/management/commands/migrate.py": "a lock with a number",
    "memsite/caches.py": "the table of counters, which is no model's",
    "memsite/commands.py": "runs a command of Django's, no statement",
}
FILES = {
    ("memsite/settings.py", "_secret_key"): "the site's secret, on one's own machine",
    ("memsite/settings.py", "_private_folder"): "the data folder itself",
    ("memsite/demo.py", "passwords"): "the demo's passwords",
    ("memsite/demo.py", "_write"): "the demo's passwords",
    ("memories/imports/reading.py", "_unpacked"): "opens a part of an archive, to read it in memory",
    ("memories/word_vectors.py", "weights"): "reads the head of the package's file",
    ("memories/proof.py", "settled"): "into the path that scoped_path gave",
    ("memories/scoped_cache.py", "scoped_path"): "the helper itself",
}
WRITES = {"open", "write_text", "write_bytes", "mkdir", "makedirs", "mkstemp", "mkdtemp", "NamedTemporaryFile"}


@functools.cache
def sources() -> list[tuple[str, ast.Module]]:
    paths = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return [(str(p.relative_to(ROOT)), ast.parse(p.read_text())) for p in paths if "migrations" not in p.parts]


def functions(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """Every function with its name, and the module itself for what stands outside of them; inner ones on their own."""
    yield "", tree
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node


def own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """What is in this function, without the functions inside it."""
    for child in ast.iter_child_nodes(function):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield child
            yield from own_nodes(child)


@functools.cache
def tenant_models() -> set[str]:
    return {model.__name__ for model in apps.get_app_config("memories").get_models()}


def aliases(tree: ast.Module) -> dict[str, str]:
    """What this file calls the models: {"MessageRow": "Message"}."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("memories.models"):
            found.update({alias.asname or alias.name: alias.name for alias in node.names})
    return found


def managers(tree: ast.Module, function: ast.AST) -> Iterator[tuple[str, ast.stmt]]:
    """Each `X.objects` of a tenant table (or of a name that may be one) with its whole statement."""
    known = aliases(tree)
    for statement in own_nodes(function):
        if not isinstance(statement, ast.stmt) or isinstance(statement, ast.ClassDef):
            continue
        for node in parts(statement):
            if isinstance(node, ast.Attribute) and node.attr in ("objects", "_base_manager", "_default_manager"):
                name = node.value.id if isinstance(node.value, ast.Name) else "?"
                model = known.get(name, name)
                # A lower-case name is a variable that may hold any table.
                if model in tenant_models() or not model[:1].isupper():
                    yield name, statement


def parts(statement: ast.stmt) -> Iterator[ast.AST]:
    """A statement's own expressions, without the statements inside it."""
    for child in ast.iter_child_nodes(statement):
        if not isinstance(child, ast.stmt | ast.excepthandler):
            yield child
            yield from ast.walk(child)


def names_an_owner(tree: ast.Module, function: ast.AST, name: str, statement: ast.stmt) -> bool:
    calls = [node for node in parts(statement) if isinstance(node, ast.Call)]
    keywords = {keyword.arg for call in calls for keyword in call.keywords}
    if "owner_id" in keywords:
        return True
    inside = list(own_nodes(function))
    if None in keywords:  # **mine: a mapping made in this function
        dicts = [node for node in inside if isinstance(node, ast.Dict)]
        if any(isinstance(key, ast.Constant) and key.value == "owner_id" for d in dicts for key in d.keys):
            return True
    if any(isinstance(call.func, ast.Attribute) and call.func.attr == "bulk_create" for call in calls):
        # The rows were made somewhere in this file, each with its owner.
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        made = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == name]
        return bool(made) and all("owner_id" in {keyword.arg for keyword in call.keywords} for call in made)
    return False


def test_every_statement_on_a_persons_rows_names_an_owner() -> None:
    unscoped = set()
    for file, tree in sources():
        for function_name, function in functions(tree):
            for name, statement in managers(tree, function):
                if not names_an_owner(tree, function, name, statement):
                    unscoped.add((file, function_name))
    assert unscoped <= set(EVERYONE), "name the owner, or say in EVERYONE why the statement speaks of all"


def test_tables_are_named_in_the_rooms_of_the_tables_alone() -> None:
    outside = [
        f"{file}: {function_name} reaches {name}.objects"
        for file, tree in sources()
        for function_name, function in functions(tree)
        for name, _ in managers(tree, function)
        if not file.startswith(tuple(ROOMS))
    ]
    assert outside == []


def test_nothing_speaks_sql_of_its_own() -> None:
    found = set()
    for file, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in {"execute", "executemany", "raw", "extra", "RawSQL"}:
                found.add(file)
    assert found <= set(SQL), "say in SQL why the ORM does not do"


def test_each_text_of_sql_names_an_owner() -> None:
    seen = 0
    for file in SQL:
        module = importlib.import_module(file.removesuffix(".py").replace("/", "."))
        for text in vars(module).values():
            if isinstance(text, str) and "FROM memories_" in text:
                seen += 1
                # One comparison a table that is read; a joined row is compared on the way out.
                assert text.count("owner_id = %s") >= text.count("FROM memories_"), text
    assert seen


def test_the_lists_name_what_is_there() -> None:
    there = {(file, name) for file, tree in sources() for name, _ in functions(tree)}
    assert {*EVERYONE, *FILES} <= there
    assert all((ROOT / room).exists() for room in [*SQL, *ROOMS] if not room.endswith("_"))


def test_nothing_but_the_helper_touches_the_cache() -> None:
    users = set()
    for file, tree in sources():
        for node in ast.walk(tree):
            named = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            named += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if any(name.startswith("django.core.cache") or "cache_page" in name for name in named):
                users.add(file)
    # The other counts by network address, hashed, before anyone is signed in.
    assert users <= {"memories/scoped_cache.py", "memsite/limits.py"}


def test_nothing_but_the_helper_writes_a_persons_files() -> None:
    found = set()
    for file, tree in sources():
        for function_name, function in functions(tree):
            for node in own_nodes(function):
                called = node.func if isinstance(node, ast.Call) else None
                word = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
                if word in WRITES:
                    found.add((file, function_name))
    assert found <= set(FILES), "a person's files go through scoped_path; say in FILES what else is written"


@pytest.mark.parametrize(
    ("statement", "scoped"),
    [
        ("Row.objects.filter(owner_id=owner.pk, pk=1)", True),
        ("Row.objects.create(owner_id=owner.pk)", True),
        ("Row.objects.filter(pk=1)", False),
        ("Row.objects.all()", False),
        ("Row._base_manager.filter(pk=1)", False),
        ("table.objects.count()", False),
        ("Row.objects.bulk_create([Row(text='x')])", False),
        ("Row.objects.bulk_create([Row(owner_id=1, text='x')])", True),
        ("Row.objects.filter(**{'owner': 1})", False),
    ],
)
def test_the_reader_of_statements_can_tell(statement: str, scoped: bool) -> None:
    tree = ast.parse(f"from memories.models import Memory as Row\ndef f(owner, table):\n    return {statement}\n")
    function = next(node for name, node in functions(tree) if name == "f")
    [(name, found)] = managers(tree, function)
    assert names_an_owner(tree, function, name, found) is scoped
