#pragma once
// Checks the types of one expression whose parts are checked already.

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "promql/expression.hpp"

namespace tocsin::promql {

[[nodiscard]] bool is_comparison(std::string_view op);
[[nodiscard]] bool is_set_operator(std::string_view op);

/// Sets `expression.type`, or says what is wrong and where.
[[nodiscard]] std::optional<Error> check_types(Expression& expression);

}  // namespace tocsin::promql
