#pragma once
// The settings of each kind of file as data, for JSON Schema and the reference page.

#include <optional>
#include <string>

#include "schema/shape.hpp"

namespace tocsin::config {

/// `what` is config, rules or oncall; nullopt for anything else.
[[nodiscard]] std::optional<schema::TableShape> settings_of(const std::string& what);

}  // namespace tocsin::config
