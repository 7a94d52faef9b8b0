#pragma once
// Form: what a browser posts (application/x-www-form-urlencoded).

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "shell/http.hpp"

namespace tocsin::shell {

struct Form {
    std::vector<std::pair<std::string, std::string>> fields;  // in order
    /// The first field of that name, CR LF as LF; empty if there is none.
    [[nodiscard]] std::string value(std::string_view name) const;
};

/// At most limits::form_fields_max fields; values are bounded by the body's bound and
/// limits::text_bytes_max. Errors (`bad_form`): another content type, a broken escape, too much.
[[nodiscard]] Result<Form> read_form(const HttpIn& request);

}  // namespace tocsin::shell
