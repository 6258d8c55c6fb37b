"""Judge tests/schema/cases.txt by schema/frontmatter.schema.json, and what the
program printed for goldens by the schemas of graph and plan.

tests/unit/test_schema.c has the reader judge the same cases. Values are read
as YAML 1.1, except that dates stay text, as in editors.
"""
import glob
import json
import sys

import jsonschema
import yaml


class Loader(yaml.SafeLoader):
    """SafeLoader without timestamps."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, regex) for tag, regex in rows
            if tag != "tag:yaml.org,2002:timestamp"]
    for first, rows in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def cases(path):
    """Yield (line, verdict, kind, text) of each case."""
    case = None
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.startswith("=== "):
                if case:
                    yield case
                _, verdict, kind = line.split()
                case = (number, verdict, kind, "")
            elif case:
                case = case[:3] + (case[3] + line,)
    yield case


def validator(name):
    with open(f"schema/{name}.schema.json", encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


def goldens():
    """Yield (path, errors) of each golden that is JSON."""
    by_verb = {"show": validator("graph"), "plan": validator("plan"),
               "lint": validator("lint")}
    for verb, judge in by_verb.items():
        for path in sorted(glob.glob(f"tests/golden/{verb}-*.out")):
            with open(path, encoding="utf-8") as file:
                text = file.read()
            if text.startswith("{"):
                # as tests/golden/run writes them
                text = text.replace("@HASH", "@000000000000")
                yield path, list(judge.iter_errors(json.loads(text)))


def main():
    with open("schema/frontmatter.schema.json", encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft7Validator.check_schema(schema)
    step = {"$ref": "#/definitions/step", "definitions": schema["definitions"]}
    validators = {"front": jsonschema.Draft7Validator(schema),
                  "step": jsonschema.Draft7Validator(step)}
    passed = failed = 0
    for line, verdict, kind, text in cases("tests/schema/cases.txt"):
        value = yaml.load(text, Loader=Loader)
        errors = list(validators[kind].iter_errors(value))
        if bool(errors) == (verdict == "bad"):
            passed += 1
        else:
            failed += 1
            said = errors[0].message if errors else "nothing is wrong"
            print(f"tests/schema/cases.txt:{line}: {verdict}, but: {said}")
    for path, errors in goldens():
        passed += not errors
        failed += bool(errors)
        for error in errors:
            print(f"{path}: {error.json_path}: {error.message}")
    print(f"schema: {passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
