#pragma once
// Publishes a table of settings: as JSON Schema (draft-07) for editors, as Markdown for people.

#include <string>

#include "schema/shape.hpp"

namespace tocsin::schema {

/// The schema of a whole file, indented, with a final newline. Nested tables stand in place.
[[nodiscard]] std::string json_schema(const TableShape& table, const std::string& title);
/// One heading and table of settings for the file and for each nested table.
[[nodiscard]] std::string markdown(const TableShape& table, const std::string& title);

}  // namespace tocsin::schema
