// Checks heads of answers: bounds, status line, control bytes, lengths, interim answers.
#include "shell/net_head.hpp"

#include <algorithm>

#include "core/limits.hpp"

namespace tocsin::shell {
namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::string_view head_end = "\r\n\r\n";
constexpr std::size_t length_digits_max = 18;  // fits into 64 bits

Error bad(std::string message) {
    return {.code = "bad_answer", .message = std::move(message)};
}

Error over(const std::string& what, std::size_t bytes_max) {
    return bad("sent " + what + " of over " + std::to_string(bytes_max) + " bytes");
}

bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

bool all_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

bool is_control(char byte) {
    const auto value = static_cast<unsigned char>(byte);
    return (value < 0x20 && byte != '\t') || value == 0x7F;
}

char lower(char byte) {
    return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
}

/// `name` is in lower case.
bool is_word(std::string_view text, std::string_view name) {
    return std::equal(text.begin(), text.end(), name.begin(), name.end(),
                      [](char left, char right) { return lower(left) == right; });
}

std::string_view trimmed(std::string_view text) {
    const std::size_t begins = std::min(text.find_first_not_of(" \t"), text.size());
    text.remove_prefix(begins);
    return text.substr(0, text.find_last_not_of(" \t") + 1);
}

/// "HTTP/1.1 200" or "HTTP/1.1 200 Reason".
bool is_status_line(std::string_view line) {
    return (line.starts_with("HTTP/1.1 ") || line.starts_with("HTTP/1.0 ")) && line.size() >= 12 &&
           all_digits(line.substr(9, 3)) && line[9] != '0' &&
           (line.size() == 12 || line[12] == ' ');
}

}  // namespace

Status HeadReader::take(std::string_view bytes) {
    using namespace core::limits;
    bytes_ += bytes;
    while (!complete_) {
        const std::size_t line_ends = std::min(bytes_.find(line_end), bytes_.size());
        if (line_ends > status_line_bytes_max) return over("a status line", status_line_bytes_max);
        const std::size_t ends = bytes_.find(head_end, searched_);
        const bool whole = ends != std::string::npos;
        const std::size_t size = whole ? ends + head_end.size() : bytes_.size();
        if (interim_ + size > answer_head_bytes_max) return over("a head", answer_head_bytes_max);
        if (!whole) {
            searched_ = size - std::min(size, head_end.size() - 1);
            return {};
        }
        if (const Status fit = check(std::string_view(bytes_).substr(0, size)); !fit) return fit;
        searched_ = 0;
        if (bytes_[9] != '1') {
            complete_ = true;
        } else if (bytes_.starts_with("HTTP/1.1 101")) {
            return bad("switched to another protocol unasked");
        } else {
            interim_ += size;
            bytes_.erase(0, size);
        }
    }
    return {};
}

Status HeadReader::check(std::string_view head) {
    using core::limits::answer_line_bytes_max;
    length_.clear();
    chunked_ = false;
    bool first = true;
    for (std::size_t ends = head.find(line_end); ends != 0; ends = head.find(line_end)) {
        const std::string_view line = head.substr(0, ends);
        head.remove_prefix(ends + line_end.size());
        if (line.size() + line_end.size() > answer_line_bytes_max) {
            return over("a header", answer_line_bytes_max);
        }
        if (std::any_of(line.begin(), line.end(), is_control)) {
            return bad("sent a control character in a header");
        }
        if (std::exchange(first, false)) {
            if (!is_status_line(line)) return bad("does not speak HTTP/1.1");
            continue;
        }
        const std::size_t colon = line.find(':');
        const std::string_view name = line.substr(0, colon);
        if (colon == std::string_view::npos || name.empty() ||
            name.find_first_of(" \t") != std::string_view::npos) {
            return bad("sent a header that is none");
        }
        const Status fit = check_field(name, trimmed(line.substr(colon + 1)));
        if (!fit) return fit;
    }
    return {};
}

Status HeadReader::check_field(std::string_view name, std::string_view value) {
    if (is_word(name, "content-length")) {
        if (!all_digits(value) || value.size() > length_digits_max) {
            return bad("sent a Content-Length that is no length");
        }
        if (!length_.empty() && length_ != value) return bad("sent two Content-Lengths");
        length_ = value;
    }
    if (is_word(name, "transfer-encoding")) {
        if (chunked_ || !is_word(value, "chunked")) {
            return bad("sent a Transfer-Encoding other than chunked");
        }
        chunked_ = true;
    }
    return {};
}

}  // namespace tocsin::shell
