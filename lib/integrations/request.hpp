#pragma once
// Request and Answer: what an adapter asks of the outside, and what came back, as plain data.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/secret.hpp"
#include "base/time.hpp"
#include "core/limits.hpp"

namespace tocsin::integrations {

using Header = std::pair<std::string, std::string>;

struct HttpRequest {
    std::string method = "POST";
    std::string url = {};  // whole, with scheme
    std::vector<Header> headers = {};
    std::string body = {};
    Duration timeout = seconds(10);  // total, from connect to the last byte
    std::size_t response_bytes_max = core::limits::response_bytes_max;
    bool operator==(const HttpRequest&) const = default;
};

/// Append one line (a newline is added) and fsync.
struct FileAppend {
    std::string path;
    std::string line;
    bool operator==(const FileAppend&) const = default;
};

/// Does the file hold a line with this text? Answered with status 200 (yes) or 404 (no).
struct FileFind {
    std::string path;
    std::string text;
    bool operator==(const FileFind&) const = default;
};

/// How a connection to smtp:// is protected; smtps:// is TLS from its first byte on.
enum class MailEncryption : std::uint8_t {
    required,  // STARTTLS, or nothing is sent
    optional,  // STARTTLS where the server offers it
    never,
};

/// One message to one SMTP server (RFC 5321). Certificates are checked whenever there is TLS.
struct MailRequest {
    std::string url;   // smtp[s]://HOST[:PORT][/NAME]; NAME is what we call ourselves in EHLO
    std::string from;  // of the envelope: a bare address
    std::vector<std::string> to = {};
    std::string user_name = {};  // empty: no login
    Secret password = {};
    MailEncryption encryption = MailEncryption::required;
    std::string ca_file = {};        // PEM bundle to trust instead of the system's
    std::string message = {};        // RFC 5322: headers, empty line, body; lines end in CRLF
    Duration timeout = seconds(30);  // total, from connect to the answer after the final dot
    bool operator==(const MailRequest& other) const {
        return url == other.url && from == other.from && to == other.to &&
               user_name == other.user_name && password.reveal() == other.password.reveal() &&
               encryption == other.encryption && ca_file == other.ca_file &&
               message == other.message && timeout == other.timeout;
    }
};

using Request = std::variant<HttpRequest, FileAppend, FileFind, MailRequest>;

/// How long the request may take in all; files have `limits::file_within`.
[[nodiscard]] inline Duration timeout_of(const Request& request) {
    if (const auto* http = std::get_if<HttpRequest>(&request)) return http->timeout;
    if (const auto* mail = std::get_if<MailRequest>(&request)) return mail->timeout;
    return core::limits::file_within;
}

struct Answer {
    enum class Kind : std::uint8_t {
        /// Status, headers and body are set (files: 200, 404, 507 full, 500; mail: code and text
        /// of the server's last reply, and a header `command` with what it answers: `RCPT`).
        answered,
        unreachable,  // refused, no route, DNS: certainly not received
        broken,       // cut off, timed out, too large: may have been received
    };
    Kind kind = Kind::answered;
    int status = 0;
    std::vector<Header> headers;  // names in lower case
    std::string body;
    std::string error;  // for people; no secrets, no URL with a query or user name
    bool operator==(const Answer&) const = default;

    [[nodiscard]] std::optional<std::string> header(std::string_view lower_case_name) const;
};

}  // namespace tocsin::integrations
