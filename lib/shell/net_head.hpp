#pragma once
// The head of a peer's answer, checked before the HTTP client library's parser may see it.

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace tocsin::shell {

/// Collects bytes until the head of an answer (RFC 9112 §2.1) is whole, within the bounds
/// `answer_head_bytes_max`, `answer_line_bytes_max` and `status_line_bytes_max`. The library
/// matches the status line by a recursion per byte, trusts lengths, and skips interim answers for
/// ever; so interim ones (1xx) are dropped here, and what could mislead it is refused.
class HeadReader {
public:
    /// Takes bytes as they come, cut anywhere. Error (`bad_answer`): the peer is not to be read
    /// any further; the message completes "the peer …".
    Status take(std::string_view bytes);
    [[nodiscard]] bool complete() const { return complete_; }
    [[nodiscard]] bool chunked() const { return chunked_; }
    /// Once complete: the head, and behind it what arrived with its last bytes.
    [[nodiscard]] std::string& bytes() { return bytes_; }

private:
    Status check(std::string_view head);
    Status check_field(std::string_view name, std::string_view value);

    std::string bytes_;
    std::string length_;        // the value of Content-Length
    std::size_t searched_ = 0;  // no head ends before this
    std::size_t interim_ = 0;   // bytes of dropped 1xx answers
    bool complete_ = false;
    bool chunked_ = false;
};

}  // namespace tocsin::shell
