#pragma once
// Symbols: names of rules and sources interned as small numbers, so that an alert stays small.

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

namespace tocsin::core {

struct Symbol {
    std::uint32_t index = 0;  // 0 is the empty name
    bool operator==(const Symbol&) const = default;
};

/// Append-only for the life of the process; never stored (rows hold the text).
class Symbols {
public:
    Symbols() { intern(""); }
    Symbol intern(std::string_view text);
    [[nodiscard]] const std::string& text(Symbol symbol) const { return texts_[symbol.index]; }

private:
    std::deque<std::string> texts_;  // a deque: views into it stay valid
    std::unordered_map<std::string_view, std::uint32_t> index_;
};

}  // namespace tocsin::core
