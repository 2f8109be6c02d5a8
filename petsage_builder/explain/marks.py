"""Marks in what templates print: the template and the line that each piece of text is from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jinja2.ext import Extension
from jinja2.lexer import TOKEN_BLOCK_BEGIN, TOKEN_BLOCK_END, TOKEN_DATA, TOKEN_VARIABLE_BEGIN, Token

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.lexer import TokenStream

MARK = "\0"  # in no text of a request, and in nothing that Python can read
OPEN, CLOSE = "include", "end of include"


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """A line of a template, and the line that includes the template, if one does."""

    template: str
    line: int
    included_by: TemplateLine | None = None

    def __str__(self) -> str:
        return f"templates/{self.template}:{self.line}"


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that one line of a template printed."""

    text: str
    origin: TemplateLine


class Marks(Extension):
    """Puts a mark in front of each line of text and each value, and around each included part."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """The tokens of a template, with marks between them."""
        for token in stream:
            here = f"{stream.name}:{token.lineno}"
            if token.type == TOKEN_DATA:
                yield _marked(token, stream.name)
            elif token.type == TOKEN_VARIABLE_BEGIN:
                yield from (_mark(here), token)
            elif token.type == TOKEN_BLOCK_BEGIN and stream.current.test("name:include"):
                yield from (_mark(here), _mark(OPEN), token, *_tag(stream), _mark(CLOSE))
            else:
                yield token


def _mark(content: str) -> Token:
    return Token(1, TOKEN_DATA, f"{MARK}{content}{MARK}")


def _marked(text: Token, template: str | None) -> Token:
    """The text with a mark in front of each of its lines."""
    lines = enumerate(text.value.split("\n"), text.lineno)
    marked = (f"{MARK}{template}:{number}{MARK}{line}" for number, line in lines)
    return Token(text.lineno, TOKEN_DATA, "\n".join(marked))


def _tag(stream: TokenStream) -> Iterator[Token]:
    """The rest of a tag."""
    for token in stream:
        yield token
        if token.type == TOKEN_BLOCK_END:
            return


def marking(environment: Environment) -> Environment:
    """The same environment, with marks in what it prints."""
    return environment.overlay(extensions=[Marks], bytecode_cache=None)


def pieces(marked: str) -> Iterator[Piece]:
    """The text of a render with marks, and where each piece of it is from."""
    frames: list[TemplateLine | None] = [None, None]
    _, *rest = marked.split(MARK)
    for mark, text in zip(rest[::2], rest[1::2], strict=True):
        if mark == OPEN:
            frames.append(frames[-1])
        elif mark == CLOSE:
            frames.pop()
        else:
            template, _, line = mark.rpartition(":")
            frames[-1] = origin = TemplateLine(template, int(line), frames[-2])
            yield Piece(text, origin)
