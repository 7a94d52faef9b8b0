#pragma once
// Request and Answer: what an adapter asks of the outside, and what came back, as plain data.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

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

using Request = std::variant<HttpRequest, FileAppend, FileFind>;

struct Answer {
    enum class Kind : std::uint8_t {
        answered,     // status, headers and body are set (files: 200, 404, 507 full, 500)
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
