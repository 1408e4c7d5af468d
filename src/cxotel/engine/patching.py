"""Replace functions of other people's classes, and put them back as they were."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import wrapt

from cxotel.engine.shield import report, warn_once

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import ModuleType

if TYPE_CHECKING:

    class ObjectProxy:
        """What wrapt's proxy is to a type checker: attributes of any kind."""

        __wrapped__: Any

        def __init__(self, wrapped: Any) -> None: ...

else:
    ObjectProxy = wrapt.ObjectProxy
"""A transparent stand-in: `isinstance`, attributes and comparison pass through to what it wraps."""


class Patch:
    """One function, replaced as soon as the module that defines it has been imported.

    Args:
        module: The module's name; it is never imported by us.
        name: `Class.method` or `function`, defined in that module and not inherited.
        wrap: Makes the replacement for the original: `wrapper(wrapped, instance, args, kwargs)`.
    """

    def __init__(self, module: str, name: str, wrap: Callable[[Any], Callable[..., Any]]) -> None:
        """Describe the patch; nothing is replaced yet."""
        self.module = module
        self.name = name
        self._wrap = wrap
        self._wanted = False
        self._hooked = False
        self._place: tuple[Any, str, Any, Any] | None = None

    def apply(self) -> None:
        """Replace the function now, or when its module is imported."""
        self._wanted = True
        loaded = sys.modules.get(self.module)
        if loaded is not None and not getattr(
            getattr(loaded, "__spec__", None), "_initializing", False
        ):
            self._replace(loaded)
        elif not self._hooked:
            self._hooked = True
            # wrapt cannot remove a hook: after `undo` it finds `_wanted` unset and does nothing.
            wrapt.register_post_import_hook(self._imported, self.module)

    def _imported(self, module: ModuleType) -> None:
        if self._wanted:
            self._replace(module)

    def _replace(self, module: ModuleType) -> None:
        if self._is_there():
            return
        *path, attribute = self.name.split(".")
        try:
            owner: Any = module
            for step in path:
                owner = getattr(owner, step)
            original = _own(owner)[attribute]
            wrapper = wrapt.FunctionWrapper(original, self._wrap(original))
            setattr(owner, attribute, wrapper)
        except (AttributeError, KeyError):
            warn_once(
                f"patching {self.module}:{self.name}",
                f"{self.module}.{self.name} is not there in the installed version; "
                "its calls are not observed; `cxotel doctor` tells which versions are supported",
            )
        except Exception as error:  # noqa: BLE001 - the user's import must succeed
            report(f"patching {self.module}:{self.name}", error)
        else:
            self._place = (owner, attribute, original, wrapper)

    def _is_there(self) -> bool:
        """Tell whether calls still pass our function: a library may have taken it out with its own.

        OpenTelemetry's requests instrumentation does, when it is switched off after ours.
        """
        if self._place is None:
            return False
        owner, attribute, _, wrapper = self._place
        function: Any = _own(owner).get(attribute)
        while function is not None:
            if _is_same(function, wrapper):
                return True
            function = getattr(function, "__wrapped__", None)
        return False

    def undo(self) -> None:
        """Put the original back; ours stays, silent, where another library has since wrapped it."""
        self._wanted = False
        if self._place is None:
            return
        owner, attribute, original, wrapper = self._place
        if _is_same(_own(owner).get(attribute), wrapper):
            setattr(owner, attribute, original)
            self._place = None


def _is_same(function: Any, wrapper: Any) -> bool:
    """Tell whether *function* is our wrapper, or that as it is got from the class."""
    return function is wrapper or getattr(function, "_self_parent", None) is wrapper


def _own(owner: type | ModuleType) -> Mapping[str, Any]:
    """Return what a class or module itself defines, without what it inherits."""
    return owner.__dict__
