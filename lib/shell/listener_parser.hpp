#pragma once
// HttpParser: one HTTP/1.1 request, head and body, strict about its framing (RFC 9112 §6).

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "shell/http.hpp"

namespace tocsin::shell {

struct HttpHead {
    HttpIn in;  // without body and peer
    bool keep_alive = false;
    bool chunked = false;
    std::optional<std::uint64_t> content_length;
    [[nodiscard]] bool has_body() const { return chunked || content_length.value_or(0) > 0; }
};

class HttpParser {
public:
    /// Takes a piece of the body; answering false ends the reading there.
    using OnBody = std::function<bool(std::string_view)>;

    explicit HttpParser(OnBody on_body);
    ~HttpParser();
    HttpParser(const HttpParser&) = delete;
    HttpParser& operator=(const HttpParser&) = delete;

    /// `text` is a whole head with its empty line. Errors (`bad_request`): syntax, two lengths,
    /// length and chunked together, a Transfer-Encoding other than chunked, no or several Hosts.
    [[nodiscard]] Result<HttpHead> read_head(std::string_view text);
    /// Reads on in the body; returns how much of `text` is used up. The rest is either the next
    /// request (done) or the beginning of a chunk header, to be offered again with more behind it.
    [[nodiscard]] Result<std::size_t> read_body(std::string_view text);
    [[nodiscard]] bool done() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace tocsin::shell
