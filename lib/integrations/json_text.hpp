#pragma once
// What both JSON readers share: text made readable, and the errors of their bounds.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/text.hpp"

namespace tocsin::integrations {

/// Eight bytes at a time: nearly all text that comes is ASCII.
inline bool is_ascii(std::string_view text) {
    std::size_t at = 0;
    for (; at + sizeof(std::uint64_t) <= text.size(); at += sizeof(std::uint64_t)) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data() + at, sizeof word);
        if ((word & 0x8080808080808080U) != 0) return false;
    }
    for (; at < text.size(); ++at) {
        if (static_cast<unsigned char>(text[at]) >= 0x80) return false;
    }
    return true;
}

/// The text itself, or `held` with U+FFFD where it was not UTF-8.
inline std::string_view valid_text(std::string_view text, std::string& held) {
    if (is_ascii(text) || is_valid_utf8(text)) return text;
    held = to_valid_utf8(text);
    return held;
}

inline Error too_large(std::size_t bytes_max) {
    return {.code = "too_large",
            .message = "larger than " + std::to_string(bytes_max) + " bytes",
            .field = {}};
}

inline Error too_deep(std::size_t depth_max) {
    return {.code = "too_deep",
            .message = "nested deeper than " + std::to_string(depth_max) + " levels",
            .field = {}};
}

}  // namespace tocsin::integrations
