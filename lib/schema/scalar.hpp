#pragma once
// The types of plain scalars in YAML 1.2's core schema (§10.3.2), decided by their text.

#include "schema/node.hpp"

namespace tocsin::schema {

/// Sets the kind of a plain scalar from its text, and writes booleans as `true` or `false`.
/// Leading zeros (`010`: 8 for YAML 1.1, 10 for 1.2) make text, never a number.
void type_plain_scalar(Node& node);

}  // namespace tocsin::schema
