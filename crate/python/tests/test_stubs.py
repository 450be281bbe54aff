"""The type stubs say what is there, and nothing else."""

import ast
import inspect
import typing
from pathlib import Path

import glasses
from glasses import _native


def stubs(body):
    return {node.name: node for node in body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}


def parameters(function):
    return [name for name in inspect.signature(function).parameters if name != "self"]


def test_the_native_half_is_as_its_stubs_say():
    stub = ast.parse(Path(_native.__file__).with_name("_native.pyi").read_text(encoding="utf-8"))
    said = stubs(stub.body)
    there = {name for name in dir(_native) if not name.startswith("_")}
    assert set(said) == there
    plan = stubs(said["StudyPlan"].body)
    assert set(plan) == {name for name in dir(_native.StudyPlan) if not name.startswith("_")}
    functions = {getattr(_native, name): node for name, node in said.items() if isinstance(node, ast.FunctionDef)}
    functions |= {getattr(_native.StudyPlan, name): node for name, node in plan.items()}
    for function, node in functions.items():
        assert [argument.arg for argument in node.args.args if argument.arg != "self"] == parameters(function), node.name
        assert node.returns is not None and all(argument.annotation for argument in node.args.args if argument.arg != "self"), node.name


def test_everything_public_has_types():
    for name in glasses.__all__:
        thing = getattr(glasses, name)
        members = vars(thing).items() if inspect.isclass(thing) else [(name, thing)]
        for member, function in members:
            function = getattr(function, "__func__", function)
            if not inspect.isfunction(function) or not function.__module__.startswith("glasses") or member.startswith("__") and member != "__init__":
                continue
            hints = function.__annotations__
            assert "return" in hints, f"{name}.{member}"
            assert all(parameter in hints for parameter in parameters(function) if parameter != "cls"), f"{name}.{member}"
    assert (Path(glasses.__file__).parent / "py.typed").exists() and typing.TYPE_CHECKING is False
