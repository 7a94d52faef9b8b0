#pragma once
// Columns for a terminal, and the members of JSON that stand in them.

#include <string>
#include <string_view>
#include <vector>

#include "integrations/json.hpp"

namespace tocsin::daemon {

using Cells = std::vector<std::string>;
/// Columns as wide as their widest cell, but for the last.
[[nodiscard]] std::string table(const std::vector<Cells>& rows);

/// On one line; empty when there is no such text.
[[nodiscard]] std::string text_at(const integrations::Json& object, std::string_view name);
/// Empty when there is no such list.
[[nodiscard]] const std::vector<integrations::Json>& items_at(const integrations::Json& object,
                                                              std::string_view name);
/// `2026-03-01T02:00:00.000Z` as `2026-03-01 02:00:00`.
[[nodiscard]] std::string short_time(const std::string& time);

}  // namespace tocsin::daemon
