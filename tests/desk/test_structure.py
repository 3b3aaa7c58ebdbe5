"""The floors of the house: who may import whom."""

import ast
import importlib
import subprocess
import sys

import pytest

from fairamp.features import FEATURES
from tests.runtimes import ROOT

# Words that once meant two things in code; docs/decisions.md says what each of them is called.
GIVEN_UP = {"way", "ways", "room", "rooms"}
# What MicroPython has, as far as the portable package may use it.
SHARED_LIBRARY = {"array", "binascii", "hashlib", "struct"}
FIRMWARE_LIBRARY = {
    "asyncio",
    "binascii",
    "board",
    "fairamp_pack",
    "gc",
    "io",
    "json",
    "microdot",
    "os",
    "select",
    "socket",
    "sys",
    "time",
    "traceback",
    "vfs",
}
CHIP = {"esp", "esp32", "machine", "micropython", "neopixel", "network", "rp2"}
FLOORS = {
    "shared": {"fairamp"} | SHARED_LIBRARY,
    "firmware": {"fairamp", "fairamp_box"} | SHARED_LIBRARY | FIRMWARE_LIBRARY,
    "boards": {"boards", "time"} | SHARED_LIBRARY | CHIP,
}


def imports(path):
    """Names of the top-level packages that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write imports in full"
            yield node.module.split(".")[0]


@pytest.mark.parametrize("floor", FLOORS)
def test_a_floor_imports_only_what_stands_below_it(floor):
    # The manifest is run by the build of MicroPython.
    files = [path for path in sorted((ROOT / floor).rglob("*.py")) if path.name != "manifest.py"]
    assert files
    for path in files:
        strangers = set(imports(path)) - FLOORS[floor]
        assert not strangers, f"{path.relative_to(ROOT)} imports {', '.join(strangers)}"


def test_the_desk_imports_no_chip():
    for path in (ROOT / "host").rglob("*.py"):
        assert not CHIP & set(imports(path)), path


def test_nothing_portable_reads_a_clock_or_prints():
    for path in (ROOT / "shared").rglob("*.py"):
        names = {node.id for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Name)}
        assert not names & {"print", "open", "input"}, path


@pytest.mark.parametrize("floor", ["shared", "firmware", "boards", "host"])
def test_a_word_that_was_given_up_does_not_return(floor):
    found = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in (ROOT / floor).rglob("*.py")
        for name in names_in(ast.parse(path.read_text()))
        if GIVEN_UP & set(name.lower().split("_")) and name != "UNDER_WAY"
    }
    assert not found


def names_in(tree: ast.Module) -> set[str]:
    """Everything that has a name there."""
    told = [getattr(node, field, None) for node in ast.walk(tree) for field in ("name", "id", "attr", "arg")]
    return {name for name in told if isinstance(name, str)}


def test_the_standard_library_named_here_exists():
    assert sys.stdlib_module_names >= SHARED_LIBRARY


# Who asks and who looks: they know a box by its door and its window alone.
MAPS = sorted((ROOT / "shared" / "fairamp" / "managers").glob("*.py"))
OUTSIDE = (
    *MAPS,
    ROOT / "shared" / "fairamp" / "status.py",
    *sorted((ROOT / "firmware" / "fairamp_box" / "features").rglob("*.py")),
    ROOT / "host" / "fairamp_desk" / "live.py",
    *sorted((ROOT / "host" / "fairamp_desk" / "registers").glob("*.py")),
)
# What a map may import of ours beside these two: the door, the window, and words for what comes through them.
FOR_MAPS = {
    *("fairamp", "fairamp.commands", "fairamp.refusals", "fairamp.units", "fairamp.view"),
    *(f"fairamp.charging.{words}" for words in ("faults", "limits", "pilot", "states")),
}
# Everybody may read the settings.
OPEN = {"settings"}
# Parts of a box and of its settings, by whatever name somebody reaches them.
INSIDE = {"coordinator", "inputs", "journal", "managers", "own", "point"}
WRITING = {"change", "values", "waiting", "load", "followers"}


def reaches_into_a_box(tree):
    """Attributes of a box, by whatever name or chain it is reached, and writing to what the window shows."""
    for node in ast.walk(tree):
        writes = isinstance(getattr(node, "ctx", None), ast.Store)
        if isinstance(node, ast.Attribute):
            owner = node.value
            name = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
            of_a_box = name.strip("_") == "box" and node.attr not in OPEN
            # A command may be called so, and a module may be imported.
            inside = node.attr in INSIDE and name not in ("commands", "view", "fairamp")
            of_settings = name.strip("_") == "settings" and node.attr in WRITING
            found = of_a_box or inside or of_settings or (writes and asks_the_window(owner))
        elif isinstance(node, ast.Subscript):
            found = writes and asks_the_window(node.value)
        else:
            called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            # Of what the platform brings, one may ask what it has.
            found = called in ("getattr", "setattr") and ast.unparse(node.args[0]) not in ("socket", "poller")
        if found:
            yield f"line {node.lineno}: {ast.unparse(node)}"


def asks_the_window(tree) -> bool:
    """Does this come from a call of `view`?"""
    return any(isinstance(node, ast.Call) and ast.unparse(node.func).startswith("view.") for node in ast.walk(tree))


@pytest.mark.parametrize("path", OUTSIDE, ids=lambda path: path.stem)
def test_a_box_is_reached_by_its_door_and_its_window_only(path):
    found = list(reaches_into_a_box(ast.parse(path.read_text())))
    assert not found, f"{path.relative_to(ROOT)}: use commands or view: {'; '.join(found)}"


def test_the_search_for_ways_into_a_box_finds_them():
    for text in (
        *("box.point.offer_ma", "self._box.now", "twin.app.box.own", 'getattr(box, "own")', "box.point = 1"),
        *("it = box; it.point.session.stop()", "app.box.point.offer_ma", "found.coordinator.suspended = True"),
        *("view.sockets(box)[0].grant.ma = 32000", "view.sockets(box)[0] = None", "view.grid(box).current_ma[0] = 0"),
        *("box.settings.change({}, 2)", 'box.settings.values["site.fuse"] = 1', "settings.load({}, '')"),
    ):
        assert list(reaches_into_a_box(ast.parse(text))), text
    text = 'view.now(box); box.settings["box.name"]; self.box = box; commands.change(box, "x", 1, {}); view.own(box)'
    assert not list(reaches_into_a_box(ast.parse(text)))


# Where a module is found by a name that is made up: each loads from one folder alone.
BY_NAME = {
    "shared/fairamp/managers/__init__.py": "fairamp.managers.",
    "shared/fairamp/meters/__init__.py": "fairamp.meters.",
    "shared/fairamp/settings/table.py": "fairamp.settings.",
    "shared/fairamp/settings/wiring.py": "fairamp.settings.",
    "firmware/fairamp_box/app.py": "fairamp_box.features.",
}


def test_nobody_else_imports_by_a_name_that_is_made_up():
    for floor in ("shared", "firmware"):
        for path in sorted((ROOT / floor).rglob("*.py")):
            calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
            found = [call for call in calls if ast.unparse(call.func).split(".")[-1] in ("__import__", "import_module")]
            folder = BY_NAME.get(str(path.relative_to(ROOT)))
            assert len(found) <= bool(folder), path
            for call in found:
                assert ast.unparse(call.args[0]).startswith(f"'{folder}' + "), path


@pytest.mark.parametrize("path", MAPS, ids=lambda path: path.stem)
def test_maps_know_only_door_and_window(path):
    for module in known_by(path):
        own = module.startswith(("fairamp.managers", "fairamp.modbus"))
        assert own or module in FOR_MAPS, f"{path.name} imports {module}"


def known_by(path):
    """Modules of ours that a file imports, in full and without what is imported from them."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("fairamp"))
        elif isinstance(node, ast.ImportFrom) and node.module.startswith("fairamp"):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if is_module(whole) else node.module


def is_module(name):
    places = {"fairamp": "shared", "fairamp_box": "firmware", "fairamp_desk": "host"}
    path = (ROOT / places[name.partition(".")[0]]).joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


# The rooms of two floors, and the modules that stand in none: whom each may know beside `units`, from below to above.
ROOMS = {
    "fairamp": {
        "reasons": "",
        "refusals": "",
        "features": "",
        "host_name": "",
        "addresses": "",
        "clock": "",
        "dns": "",
        "scram": "",
        "mdns": "",
        "modbus": "",
        "meters": "addresses modbus",
        "charging": "refusals",
        "sharing": "charging meters reasons",
        "check": "charging sharing",
        "settings": "addresses clock features meters scram sharing",
        "access": "scram settings",
        "connection": "charging meters sharing",
        "estimate": "",
        "local": "charging connection sharing",
        "setpoints": "charging reasons",
        "journal": "refusals",
        "box": "charging check clock connection estimate journal meters reasons refusals setpoints sharing",
        "commands": "charging meters refusals",
        "administration": "commands settings",
        "cause": "charging reasons",
        "light": "cause charging reasons",
        "light_words": "light",
        "words": "cause charging reasons",
        "view": "cause charging light light_words reasons words",
        "status": "view",
        "session_list": "charging",
        "managers": "charging commands modbus refusals view",
    },
    "fairamp_box": {
        "heap": "",
        "io": "heap",
        "keeping": "io",
        "meters": "io",
        "tools": "io meters",
        "network": "io",
        "features": "heap io",
        "status_light": "heap",
        "control": "status_light",
        "supervisor": "",
        "app": "control heap io keeping meters network supervisor",
        "safe_mode": "io",
        "start": "app heap io keeping safe_mode",
    },
}


@pytest.mark.parametrize("floor, base", [("fairamp", "shared"), ("fairamp_box", "firmware")])
def test_each_room_knows_only_rooms_below_it(floor, base):
    rooms = ROOMS[floor]
    order = list(rooms)
    for room, below_it in rooms.items():
        assert all(order.index(other) < order.index(room) for other in below_it.split()), room
    for path in sorted((ROOT / base / floor).rglob("*.py")):
        room = path.relative_to(ROOT / base / floor).parts[0].removesuffix(".py")
        if room in ("__init__", "units"):
            continue
        for module in known_by(path):
            other = module.split(".")[1] if module.startswith(floor + ".") else room
            allowed = {room, "units", *rooms[room].split()}
            assert other in allowed, f"{path.relative_to(ROOT)} imports {module}"


@pytest.mark.parametrize("floor, base", [("fairamp", "shared"), ("fairamp_box", "firmware"), ("fairamp_desk", "host")])
def test_no_module_needs_itself(floor, base):
    """Not over other modules either, while it is loaded or later."""
    names = {}
    for path in (ROOT / base / floor).rglob("*.py"):
        name = ".".join(path.relative_to(ROOT / base).with_suffix("").parts).removesuffix(".__init__")
        names[name] = {module for module in known_by(path) if module != name}
    done: set[str] = set()

    def visit(name, way):
        assert name not in way, " -> ".join([*way[way.index(name) :], name])
        if name not in done:
            for other in sorted(names.get(name, ())):
                visit(other, [*way, name])
            done.add(name)

    for name in names:
        visit(name, [])


LONG_LIVED = ("box.py", "setpoints.py", "charging", "sharing", "meters/reading.py")


def test_each_field_of_what_lives_long_says_what_it_holds():
    """A number, a list or a moment says nothing by itself; parts and settings have names that do."""
    for place in LONG_LIVED:
        path = ROOT / "shared" / "fairamp" / place
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            lines = file.read_text().splitlines()
            for kind in (node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.ClassDef)):
                told = ast.get_docstring(kind) or ""
                for node in fields(kind):
                    name = node.targets[0].attr
                    assert "#" in lines[node.lineno - 1] or f"`{name}`" in told, f"{file.name}: {kind.name}.{name}"


def fields(kind):
    """Where it begins to hold a number, a word, a list or a time."""
    begin = [node for node in kind.body if isinstance(node, ast.FunctionDef) and node.name == "__init__"]
    for node in ast.walk(begin[0]) if begin else ():
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).startswith("self."):
            plain = isinstance(node.value, ast.Constant | ast.List | ast.Tuple | ast.UnaryOp)
            if plain or (isinstance(node.value, ast.Call) and getattr(node.value.func, "id", "") == "Held"):
                yield node


# Optional features: deleting one takes nothing else along.
FEATURE_FOLDER = ROOT / "firmware" / "fairamp_box" / "features"
NAMES = [name for name, *_ in FEATURES]
# What is made for one of them only, beside its folder and its settings; most have nothing.
PARTS = {
    "registers": ("fairamp.managers", "fairamp.modbus.tcp_session"),
    "web": ("fairamp.status", "fairamp.scram", "fairamp.access", "fairamp.administration"),
    "announce": ("fairamp.mdns",),
    "sessions": ("fairamp.session_list",),
    "ntp": ("fairamp.clock.sntp", "fairamp.dns"),
}
PURE = {
    name: PARTS.get(name, ()) + ((f"fairamp.settings.{name}",) if section else ()) for name, section, *_ in FEATURES
}
# What a feature may know beside its own: door, window, what they are told in, and what carries bytes.
FOR_FEATURES = {
    *(
        "fairamp",
        "fairamp.commands",
        "fairamp.view",
        "fairamp.journal",
        "fairamp.refusals",
        "fairamp.units",
        "fairamp.addresses",
        "fairamp.clock.timekeeper",
    ),
    *("fairamp.modbus.server", "fairamp_box.io.clock", "fairamp_box.io.json_body", "fairamp_box.io.places"),
    *("fairamp_box.heap", "fairamp_box.io.streams", "fairamp_box.io.roll", "fairamp.charging.record"),
}


def below(module, package):
    return module == package or module.startswith(package + ".")


def files_of(feature):
    """Its own files: those of its folder, and its pure part."""
    found = list((FEATURE_FOLDER / feature).rglob("*.py"))
    for module in PURE[feature]:
        path = (ROOT / "shared").joinpath(*module.split("."))
        found += list(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]
    return found


def core():
    """What is there without any feature; their list is for whoever loads them."""
    own = {path for name in NAMES for path in files_of(name)}
    every = {path for floor in ("shared", "firmware") for path in (ROOT / floor).rglob("*.py")}
    return sorted(every - own - {ROOT / "shared" / "fairamp" / "features.py"})


def test_every_feature_has_its_folder_and_every_folder_is_in_the_list():
    assert set(NAMES) == {path.name for path in FEATURE_FOLDER.iterdir() if (path / "__init__.py").is_file()}
    assert set(PARTS) <= set(NAMES), "PARTS has a feature that is not in shared/fairamp/features.py"
    missing = [str(path.relative_to(ROOT)) for name in NAMES for path in files_of(name) if not path.is_file()]
    assert not missing, f"{', '.join(missing)}: a feature with a section has its rows there"


@pytest.mark.parametrize("feature", NAMES)
def test_nobody_imports_a_feature(feature):
    others = [path for name in NAMES if name != feature for path in files_of(name)]
    for path in (*core(), *others):
        for module in known_by(path):
            for own in (f"fairamp_box.features.{feature}", *PURE[feature]):
                assert not below(module, own), f"{path.relative_to(ROOT)} imports {module}"


@pytest.mark.parametrize("feature", NAMES)
def test_the_core_names_no_feature_and_none_of_its_settings(feature):
    settings = set()
    if (ROOT / "shared" / "fairamp" / "settings" / f"{feature}.py").is_file():
        settings.update(name for name, *_ in importlib.import_module(f"fairamp.settings.{feature}").ROWS)
    for path in core():
        # A meter has registers, too.
        named = settings | {feature} if ROOT / "firmware" in path.parents else settings
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert node.value not in named, f"{path.relative_to(ROOT)}, line {node.lineno}: {node.value}"


@pytest.mark.parametrize("feature", NAMES)
def test_a_feature_knows_door_and_window_and_what_carries_bytes(feature):
    for path in (FEATURE_FOLDER / feature).rglob("*.py"):
        for module in known_by(path):
            own = any(below(module, mine) for mine in (f"fairamp_box.features.{feature}", *PURE[feature]))
            assert own or module in FOR_FEATURES, f"{path.relative_to(ROOT)} imports {module}"


def test_nothing_of_the_application_is_loaded_before_the_settings_are_read():
    """On a chip the tables of settings and the application do not fit beside each other, in safe mode neither."""
    program = "import sys, fairamp_box.start, fairamp_box.safe_mode; from fairamp_box.start import store; store(); "
    program += "print(*[name for name in sys.modules if name.startswith('fairamp')])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "fairamp_box.safe_mode" in loaded
    early = {"fairamp", "fairamp.settings", "fairamp.units", "fairamp_box", "fairamp_box.io"}
    modules = ("start", "safe_mode", "heap", "keeping", "keeping.boots", "keeping.kept")
    early |= {f"fairamp_box.{name}" for name in modules}
    early |= {f"fairamp_box.io.{name}" for name in ("clock", "json_body", "log", "pair", "store")}
    assert loaded <= early
