"""Holds an export to the official reader of its format: validate.py FORMAT FILE [SCHEMA]

Prints how many rows or objects there are; ends with status 1 and the reasons where something is amiss.
"""
import json
import sys


def jsonl(path, schema):
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(json.load(open(schema)))
    rows = [json.loads(line) for line in open(path)]
    wrong = [error.message for row in rows for error in validator.iter_errors(row)]
    return len(rows), wrong


def parquet(path):
    import duckdb

    types = {name: kind for name, kind, *_ in duckdb.sql(f"describe select * from '{path}'").fetchall()}
    wanted = {
        "source": "VARCHAR", "page": "BIGINT", "value_low": "VARCHAR", "value_start": "DATE",
        "value_approx": "BOOLEAN", "boxes": "JSON",
    }
    wrong = [f"{name} is {types.get(name)}, not {kind}" for name, kind in wanted.items() if types.get(name) != kind]
    rows = duckdb.sql(f"select * from '{path}'").fetchall()
    dates = duckdb.sql(f"select count(*) from '{path}' where (kind = 'date') <> (value_start is not null)").fetchall()
    if dates[0][0]:
        wrong.append(f"{dates[0][0]} rows where kind and value do not agree")
    return len(rows), wrong


def sqlite(path):
    import sqlite3

    database = sqlite3.connect(path)
    wrong = [row[0] for row in database.execute("pragma integrity_check") if row[0] != "ok"]
    wrong += [f"no document for {row}" for row in database.execute("pragma foreign_key_check")]
    if not database.execute("select 1 from mentions_fts where mentions_fts match 'bitcoin'").fetchone():
        wrong.append("the full text does not find bitcoin")
    for view in ["amounts", "dates", "exchanges", "wallets"]:
        database.execute(f"select * from {view}").fetchall()
    return database.execute("select count(*) from mentions").fetchone()[0], wrong


def stix(path):
    from stix2validator import ValidationOptions, validate_file

    results = validate_file(path, ValidationOptions(version="2.1"))
    wrong = [str(error) for result in results.object_results for error in result.errors]
    if not results.is_valid and not wrong:
        wrong.append(str(results.fatal))
    objects = json.load(open(path))["objects"]
    ids = {o["id"] for o in objects}
    if len(ids) != len(objects):
        wrong.append("an object stands twice")
    for o in objects:
        wrong += [f"{o['id']} points to {ref}" for ref in o.get("object_refs", []) if ref not in ids]
    # Identifiers are made of what is named (UUIDv5), so that the same bundle comes out each time. The
    # definition of a wallet is given as it was published, without a description.
    warnings = [str(w) for result in results.object_results for w in result.warnings]
    known = ["is not a valid UUIDv4", "extension-definition--be78509e-6958-51b1-8b26-d17ee0eba2d7: {305}"]
    wrong += [warning for warning in warnings if not any(k in warning for k in known)]
    return len(objects), wrong


def ftm(path):
    from followthemoney import model

    wrong, seen = [], {}
    for line in open(path):
        entity = json.loads(line)
        schema = model.get(entity["schema"])
        schema.validate(entity)
        cleaned = model.get_proxy(entity, cleaned=False).to_dict()["properties"]
        if cleaned != entity["properties"]:
            wrong.append(f"{entity['id']}: {entity['properties']} is cleaned to {cleaned}")
        if entity["id"] in seen:
            wrong.append(f"{entity['id']} stands twice")
        seen[entity["id"]] = schema
        for name, values in entity["properties"].items():
            prop = schema.get(name)
            for value in values if prop.type.name == "entity" else []:
                if value not in seen or not seen[value].is_a(prop.range):
                    wrong.append(f"{entity['id']}.{name} points to no {prop.range.name}")
    return len(seen), wrong


def main(form, *paths):
    count, wrong = {"jsonl": jsonl, "parquet": parquet, "sqlite": sqlite, "stix": stix, "ftm": ftm}[form](*paths)
    for line in wrong[:20]:
        print(line, file=sys.stderr)
    print(count)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
