#pragma once
// Cuts PromQL text into tokens: words, numbers, durations, strings and symbols.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace tocsin::promql {

enum class TokenKind : std::uint8_t { end, word, number, duration, text, symbol };

struct Token {
    TokenKind kind = TokenKind::end;
    std::string_view text;  // of the expression
    std::string lower;      // words only: in lower case, for keywords
    std::size_t offset = 0;
};

/// The last one is `end`.
[[nodiscard]] Result<std::vector<Token>> tokens_of(std::string_view text);

[[nodiscard]] Error bad_expression(std::string message, std::size_t offset);

}  // namespace tocsin::promql
