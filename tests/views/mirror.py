"""What a browser holds: the tree that the patches it was sent have built, to be compared with the server's own."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import msgpack
from flet.components.component import Component
from flet.controls.base_control import BaseControl
from flet.messaging.protocol import MessageAction, configure_encode_object_for_msgpack, decode_ext_from_msgpack

_REPLACE, _ADD, _REMOVE, _MOVE = 0, 1, 2, 3
_encode: Any = configure_encode_object_for_msgpack(BaseControl)  # type: ignore[no-untyped-call]


class Mirror:
    """The tree in a browser. Applies patches as Flet's own client does, by path from the control that they name."""

    def __init__(self) -> None:
        self.page: dict[str, Any] = {}

    def show(self, page_patch: Any) -> None:
        """Take the whole page."""
        self.page = _plain(page_patch)

    def hear(self, message: Any) -> None:
        """Take one message. Raises LookupError when a patch does not fit what is held."""
        if message.action is MessageAction.PATCH_CONTROL:
            body = _plain(message.body)
            root = next((each for _, each in _held(self.page) if each["_i"] == body["id"]), None)
            if root is None:
                raise LookupError(f"a patch of {body['id']}, which the browser does not hold")
            self._apply(root, body["patch"])

    def _apply(self, root: dict[str, Any], patch: list[Any]) -> None:
        paths = dict(_paths(patch[0], ()))
        for kind, *op in patch[1:]:
            if kind == _MOVE:
                at, to = _at(root, paths[op[0]]), _at(root, paths[op[2]])
                taken = at.pop(op[1])
                _put(to, op[3], taken)
            elif kind == _REMOVE:
                _at(root, paths[op[0]]).pop(op[1])
            elif kind == _ADD:
                _put(_at(root, paths[op[0]]), op[1], op[2])
            else:
                assert kind == _REPLACE
                _at(root, paths[op[0]])[op[1]] = op[2]

    def compare(self, page: Any) -> None:
        """Assert that both hold the same controls in the same places, and that each part shown is mounted."""
        mine = [(path, each["_i"], each["_c"]) for path, each in _held(self.page)]
        theirs = [(path, each._i, each._c) for path, each in _shown(page)]
        assert sorted(mine, key=str) == sorted(theirs, key=str)
        index = page.session.index
        for path, each in _shown(page):
            if isinstance(each, Component):
                where = f"{each.fn.__name__} at {path}"
                assert each._state.mounted, f"never mounted: {where}"
                assert not each._stale, f"stale: {where}"
                assert all(hook.component is each for hook in each._state.hooks), f"not its own hooks: {where}"
            assert index.get(each._i) is each, f"an event would reach another than {path}"


def _plain(what: Any) -> Any:
    packed = msgpack.packb(what, default=_encode)
    return msgpack.unpackb(packed, ext_hook=decode_ext_from_msgpack, strict_map_key=False)


def _paths(node: list[Any], path: tuple[Any, ...]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    yield node[0], path
    for key, below in (node[1] if len(node) > 1 else {}).items():
        yield from _paths(below, (*path, key))


def _at(root: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        root = root[key]
    return root


def _put(where: Any, key: Any, what: Any) -> None:
    if isinstance(where, list):
        if key > len(where):
            raise LookupError(f"no place {key} in a list of {len(where)}")
        where.insert(key, what)
    else:
        where[key] = what


def _held(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    if isinstance(node, dict):
        if "_c" in node:
            yield path, node
        for key, value in node.items():
            yield from _held(value, (*path, key))
    elif isinstance(node, list):
        for key, value in enumerate(node):
            yield from _held(value, (*path, key))


def _shown(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], BaseControl]]:
    if isinstance(node, list | tuple):
        for key, value in enumerate(node):
            yield from _shown(value, (*path, key))
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _shown(value, (*path, key))
    elif dataclasses.is_dataclass(node) and not isinstance(node, type):
        if isinstance(node, BaseControl):
            yield path, node
        for field in dataclasses.fields(node):
            if not field.metadata.get("skip"):
                yield from _shown(getattr(node, field.name, None), (*path, field.name))
