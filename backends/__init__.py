"""From the IR to something that runs: `fx` (the default), `eager` (slow, dense, obviously right) and files for export."""

from symc.backends.complaints import InputError, StateError
from symc.backends.frozen import Frozen, LiveValues
from symc.backends.fx import emit
from symc.backends.place import check_place
from symc.backends.shell import Net, rebuilt

__all__ = ["Frozen", "InputError", "LiveValues", "Net", "StateError", "check_place", "emit", "rebuilt"]
