#pragma once
// The text side of HTTP/1.1 (RFC 9112) that needs no parser state: targets in, reply heads out.

#include <optional>
#include <string>
#include <string_view>

#include "shell/http.hpp"

namespace tocsin::shell {

/// Undoes percent-encoding (RFC 3986 §2.1), in queries `+` too; nothing for a broken escape.
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text, bool in_query);

/// Fills path and query from a request target in origin, absolute or asterisk form (RFC 9112
/// §3.2). False for any other form, a broken escape, or a NUL in the path.
[[nodiscard]] bool read_target(std::string_view target, HttpIn& in);

[[nodiscard]] std::string_view reason_phrase(int status);

/// Status line and fields, up to and including the empty line. Content-Length is that of the body;
/// a field with CR, LF or NUL in it is left out.
[[nodiscard]] std::string reply_head(const HttpReply& reply, bool keep_alive);

}  // namespace tocsin::shell
