#pragma once
// Scope: the file that is being compiled, for saying exactly where in it a problem lies.

#include <charconv>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "schema/reader.hpp"

namespace tocsin::config {

struct Scope {
    schema::Reader reader;
    std::string_view text;  // of the whole file

    /// A problem inside a scalar; `error.field` holds the byte offset into it, if known.
    void error_within(const schema::Located<std::string>& scalar, const Error& error,
                      const std::string& prefix = {}, std::string hint = {}) const {
        std::size_t offset = 0;
        const std::string& field = error.field;
        std::from_chars(field.data(), field.data() + field.size(), offset);
        reader.error(
            schema::position_in_scalar(text, scalar.at, scalar.style, scalar.value, offset),
            prefix + error.message, std::move(hint));
    }
};

}  // namespace tocsin::config
