"""The index of each theme of a closed assessment, as bytes: one for each theme of its edition that has questions.

Beside the bits of practices (`questions.practices`) and for the same reason: the themes of 35,000 assessments are read in
one column, where 350,000 scores would be. docs/decisions/0006-bits-of-practices.md.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

NO_INDEX = 255


def pack(indices: Mapping[int, int | None]) -> bytes:
    """Return the bytes of these indices, given by key of theme, in the order of the keys."""
    ordered = (index for _, index in sorted(indices.items()))
    return bytes(NO_INDEX if index is None else index for index in ordered)


def unpack(packed: bytes, codes: Mapping[int, str]) -> dict[str, int]:
    """Return the indices of one assessment, by code of theme; `codes`: those of the themes of its edition, by key."""
    ordered = zip((code for _, code in sorted(codes.items())), packed, strict=False)
    return {code: index for code, index in ordered if index != NO_INDEX}


def counts(packed: bytes, themes: Iterable[int]) -> dict[int, Counter[int]]:
    """Return how many assessments have each index, by theme; `packed`: their bytes, one assessment after the other."""
    ordered = sorted(themes)
    found = {theme: Counter(packed[n :: len(ordered)]) for n, theme in enumerate(ordered)}
    for by_index in found.values():
        del by_index[NO_INDEX]
    return found
