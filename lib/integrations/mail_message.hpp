#pragma once
// Mail messages as bytes: headers that nothing can forge, text in UTF-8 (RFC 5322, 2045, 2047).

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"

namespace tocsin::integrations {

/// `tocsin <tocsin@example.com>`, or a bare address.
struct Mailbox {
    std::string name;
    std::string address;
    bool operator==(const Mailbox&) const = default;
};

/// LOCAL@DOMAIN in printable ASCII, without what would need quoting; at most 254 bytes.
[[nodiscard]] bool is_mail_address(std::string_view text);
/// `NAME <ADDRESS>`, `"NAME" <ADDRESS>` or `ADDRESS`; nullopt when it is neither.
[[nodiscard]] std::optional<Mailbox> parse_mailbox(std::string_view text);

struct MailMessage {
    Mailbox from;
    std::vector<std::string> to;  // addresses
    std::string reply_to;         // an address; may be empty
    std::string subject;
    Instant date;
    std::string message_id;               // with its angle brackets, like the next two
    std::vector<std::string> references;  // oldest first; the last one is what this replies to
    std::vector<std::pair<std::string, std::string>> headers;  // further ones
    std::string text;                                          // lines end in \n
};

/// The whole message, lines ending in CRLF and holding at most 78 bytes wherever there is a place
/// to break them. Control characters in headers become visible escapes, invalid UTF-8 U+FFFD; the
/// subject is cut after 180 code points, the text after 64 KiB.
[[nodiscard]] std::string write_message(const MailMessage& message);

/// `Sun, 01 Mar 2026 02:00:01 +0000` (RFC 5322 §3.3).
[[nodiscard]] std::string format_mail_date(Instant instant);
/// RFC 2045 §6.7; lines end in CRLF.
[[nodiscard]] std::string quoted_printable(std::string_view text);

}  // namespace tocsin::integrations
