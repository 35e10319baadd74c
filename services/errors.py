"""How a service says that something did not happen."""

from __future__ import annotations

from contract.errors import ErrorCode, Problem


class Refused(Exception):
    """The API, or the client itself, said no. `problem` carries the code and the way out."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code.value)
        self.problem = problem

    @property
    def code(self) -> ErrorCode:
        """Why it was refused."""
        return self.problem.code


class Offline(Exception):
    """No answer came, or none that the API could have given. Whether the request arrived is not known."""

    def __init__(self, why: str = "no answer") -> None:
        super().__init__(why)
        self.problem = refusal(ErrorCode.OFFLINE, status=0, detail=why)


def refusal(code: ErrorCode, *, status: int = 400, detail: str = "", **params: str | int) -> Problem:
    """A problem that the client itself states."""
    return Problem(title=code.value.replace("_", " "), status=status, code=code, detail=detail, params=params)
