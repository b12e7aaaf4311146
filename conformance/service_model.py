"""Checks a raw JSON reply against botocore's own service model, member by member.

botocore itself drops what it does not know and does not look at enums, patterns or bounds. Here an
unknown member, a null, a wrong type, a value outside an enum, a pattern or a bound is a fault.
"""

import json
import re
import uuid

# Members that our replies carry beside the model's, because raw-JSON clients read them
# (`output`, `blockedResponse`) or because the caller asked for them (`pretil`).
EXTRAS = {"ApplyGuardrailResponse": {"output", "blockedResponse", "pretil"}}

# Lists that the model wants non-empty and that AWS returns empty all the same:
# GetGuardrail gives both lists of the sensitive-information policy, `[]` for the unused one.
EMPTY_ALLOWED = {"GuardrailPiiEntities", "GuardrailRegexes"}

_TIMESTAMP = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z")


def _java(pattern: str) -> re.Pattern:
    """A pattern of the model in Python's syntax; `Z-_` inside a class is a literal hyphen there."""
    return re.compile(pattern.replace("a-zA-Z-_", "a-zA-Z\\-_").replace("a-zA-Z0-9-_", "a-zA-Z0-9\\-_"))


def faults(shape, value, path: str = "$") -> list[str]:
    """Every way in which `value` is not a `shape`."""
    if value is None:
        return [f"{path}: null"]
    found = []
    metadata = shape.metadata
    match shape.type_name:
        case "structure":
            if not isinstance(value, dict):
                return [f"{path}: {type(value).__name__} is no structure"]
            extras = EXTRAS.get(shape.name, set())
            for name in value:
                if name not in shape.members and name not in extras:
                    found.append(f"{path}.{name}: unknown member of {shape.name}")
            found += [f"{path}.{name}: required" for name in shape.required_members if name not in value]
            if metadata.get("union") and len(value) != 1:
                found.append(f"{path}: a union of {len(value)} members")
            for name, member in shape.members.items():
                if name in value:
                    found += faults(member, value[name], f"{path}.{name}")
        case "list":
            if not isinstance(value, list):
                return [f"{path}: {type(value).__name__} is no list"]
            if not (len(value) == 0 and shape.name in EMPTY_ALLOWED):
                found += _bounds(metadata, len(value), path)
            for index, item in enumerate(value):
                found += faults(shape.member, item, f"{path}[{index}]")
        case "map":
            if not isinstance(value, dict):
                return [f"{path}: {type(value).__name__} is no map"]
            for key, item in value.items():
                found += faults(shape.value, item, f"{path}.{key}")
        case "string":
            if not isinstance(value, str):
                return [f"{path}: {type(value).__name__} is no string"]
            found += _bounds(metadata, len(value), path)
            if shape.enum and value not in shape.enum:
                found.append(f"{path}: {value!r} is not one of {shape.enum}")
            if "pattern" in metadata and not _java(metadata["pattern"]).fullmatch(value):
                found.append(f"{path}: {value!r} is not {metadata['pattern']}")
        case "boolean":
            if not isinstance(value, bool):
                found.append(f"{path}: {type(value).__name__} is no boolean")
        case "integer" | "long":
            if not isinstance(value, int) or isinstance(value, bool):
                return [f"{path}: {type(value).__name__} is no integer"]
            found += _bounds(metadata, value, path)
        case "double" | "float":
            if not isinstance(value, (int, float)) or isinstance(value, bool):
                return [f"{path}: {type(value).__name__} is no number"]
            found += _bounds(metadata, value, path)
        case "timestamp":
            if not isinstance(value, str) or not _TIMESTAMP.fullmatch(value):
                found.append(f"{path}: {value!r} is no ISO 8601 time in UTC")
        case other:
            found.append(f"{path}: no check for {other}")
    return found


def _bounds(metadata: dict, value: float, path: str) -> list[str]:
    found = []
    if "min" in metadata and value < metadata["min"]:
        found.append(f"{path}: {value} is under {metadata['min']}")
    if "max" in metadata and value > metadata["max"]:
        found.append(f"{path}: {value} is over {metadata['max']}")
    return found


def reply_faults(operation, status: int, headers, body: bytes) -> list[str]:
    """Every way in which a whole HTTP reply is not one of `operation`, its success or one of its errors."""
    found = []
    lower = {name.lower(): value for name, value in dict(headers).items()}
    try:
        uuid.UUID(lower.get("x-amzn-requestid", ""))
    except ValueError:
        found.append(f"x-amzn-RequestId: {lower.get('x-amzn-requestid')!r}")
    if lower.get("content-type") != "application/json":
        found.append(f"content-type: {lower.get('content-type')!r}")
    try:
        value = json.loads(body)
    except ValueError:
        return [*found, f"status {status}: the body is no JSON: {body[:80]!r}"]
    if status < 300:
        expected = operation.http.get("responseCode", 200)
        if status != expected:
            found.append(f"status {status}, not {expected}")
        return found + faults(operation.output_shape, value)
    return found + _error_faults(operation, status, lower, value)


def _error_faults(operation, status: int, headers: dict, value) -> list[str]:
    code = headers.get("x-amzn-errortype", "").split(":")[0]
    known = {shape.name: shape for shape in operation.error_shapes}
    if code not in known:
        return [f"x-amzn-ErrorType {code!r} is no error of {operation.name}"]
    shape = known[code]
    found = []
    if status != shape.metadata["error"]["httpStatusCode"]:
        found.append(f"{code} came with status {status}")
    if not isinstance(value, dict) or not isinstance(value.get("message"), str) or not value["message"]:
        found.append(f"{code} without a message: {value!r}")
        return found
    found += [f"{code}: unknown member {name}" for name in value if name not in shape.members]
    return found


def watch(client) -> None:
    """Makes every reply that `client` gets go through the check: a fault raises in the caller."""

    def check(operation_model, response_dict, **_):
        found = reply_faults(
            operation_model, response_dict["status_code"], response_dict["headers"], response_dict["body"]
        )
        assert not found, f"{operation_model.name} against botocore's model: " + "; ".join(found)

    client.meta.events.register("before-parse", check)
