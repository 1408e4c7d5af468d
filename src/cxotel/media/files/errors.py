"""What goes wrong with a file before anything of it is judged."""

from __future__ import annotations


class MissingLibraryError(ImportError):
    """Reading this kind of file takes a library that is not installed.

    Args:
        library: The library.
        extra: The extra of cxotel that brings it.

    Example:
        >>> print(MissingLibraryError("dpkt", "pcap"))
        captures are read with dpkt, which is not installed; run: pip install 'cxotel[pcap]'
    """

    def __init__(self, library: str, extra: str) -> None:
        super().__init__(
            f"captures are read with {library}, which is not installed; "
            f"run: pip install 'cxotel[{extra}]'",
            name=library,
        )
