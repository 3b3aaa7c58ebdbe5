"""A source text, and what is to be changed in it: lines stay where they are, so that tracebacks stay true."""

import ast
import re


class Edits:
    """Collects changes at the places that a parsed tree names; `text()` makes them all at once."""

    def __init__(self, source: bytes):
        self._source = source
        self._lines = [0]
        for line in source.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))
        self._edits: list[tuple[int, int, bytes]] = []

    def begin(self, node: ast.AST) -> int:
        return self._lines[node.lineno - 1] + node.col_offset  # type: ignore[attr-defined]

    def end(self, node: ast.AST) -> int:
        return self._lines[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined]

    def replace(self, node: ast.AST, text: bytes) -> None:
        self.replace_span(self.begin(node), self.end(node), text)

    def replace_span(self, begin: int, end: int, text: bytes) -> None:
        """The line ends that lie in between stay."""
        self._edits.append((begin, end, text + b"\n" * self._source[begin:end].count(b"\n")))

    def rename(self, node: ast.AST, name: str, new: str) -> None:
        """Of a word in the first line of a definition, or in a statement that lists names."""
        found = re.compile(rb"\b" + name.encode() + rb"\b").search(self._source, self.begin(node))
        assert found
        self.replace_span(*found.span(), new.encode())

    def drop(self, node: ast.AST) -> None:
        """Takes it out; of a named argument its comma too."""
        begin, end = self.begin(node), self.end(node)
        rest = self._source[end:]
        if isinstance(node, ast.keyword) and rest.lstrip().startswith(b","):
            end += rest.index(b",") + 1
        self.replace_span(begin, end, b"")

    def text(self) -> bytes:
        made, at = b"", 0
        for begin, end, text in sorted(self._edits, key=lambda edit: edit[:2]):
            if begin < at:
                continue  # in what was taken out as a whole
            made += self._source[at:begin] + text
            at = end
        return made + self._source[at:]
