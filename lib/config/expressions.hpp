#pragma once
// Expressions and names in them: what config needs to know of PromQL.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace tocsin::config {

/// What is wrong with a PromQL expression; `field` holds the byte offset into it.
[[nodiscard]] std::optional<Error> check_expression(std::string_view expression);

/// `text` mentions `name` as a whole word (letters, digits, `_` and `:`).
[[nodiscard]] bool mentions(std::string_view text, std::string_view name);

}  // namespace tocsin::config
