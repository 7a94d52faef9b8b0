// Decides by hand what a plain scalar is: five small grammars over its bytes.
#include "schema/scalar.hpp"

#include <algorithm>
#include <array>

namespace tocsin::schema {
namespace {

bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

template <std::size_t N>
bool one_of(std::string_view text, const std::array<std::string_view, N>& words) {
    return std::find(words.begin(), words.end(), text) != words.end();
}

std::string_view without_sign(std::string_view text) {
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    return text;
}

std::string_view take_digits(std::string_view& text) {
    const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
    const auto count = static_cast<std::size_t>(end - text.begin());
    const std::string_view digits = text.substr(0, count);
    text.remove_prefix(count);
    return digits;
}

bool is_integer(std::string_view text) {
    const auto all = [](std::string_view digits, auto&& accept) {
        return !digits.empty() && std::all_of(digits.begin(), digits.end(), accept);
    };
    if (text.starts_with("0o")) {
        return all(text.substr(2), [](char byte) { return byte >= '0' && byte <= '7'; });
    }
    if (text.starts_with("0x")) {
        return all(text.substr(2), [](char byte) {
            return is_digit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
        });
    }
    const std::string_view digits = without_sign(text);
    return all(digits, is_digit) && (digits.size() == 1 || digits.front() != '0');
}

bool is_number(std::string_view text) {
    constexpr std::array<std::string_view, 3> infinities{".inf", ".Inf", ".INF"};
    constexpr std::array<std::string_view, 3> nans{".nan", ".NaN", ".NAN"};
    if (one_of(text, nans) || one_of(without_sign(text), infinities)) return true;
    text = without_sign(text);
    const std::string_view whole = take_digits(text);
    std::string_view fraction;
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        fraction = take_digits(text);
    }
    if (whole.empty() && fraction.empty()) return false;
    if (whole.size() > 1 && whole.front() == '0') return false;
    if (text.starts_with('e') || text.starts_with('E')) {
        text = without_sign(text.substr(1));
        if (take_digits(text).empty()) return false;
    }
    return text.empty();
}

}  // namespace

void type_plain_scalar(Node& node) {
    constexpr std::array<std::string_view, 5> nulls{"", "~", "null", "Null", "NULL"};
    constexpr std::array<std::string_view, 3> trues{"true", "True", "TRUE"};
    constexpr std::array<std::string_view, 3> falses{"false", "False", "FALSE"};
    const std::string_view text = node.text;
    if (one_of(text, nulls)) {
        node.kind = Kind::null;
    } else if (one_of(text, trues)) {
        node.kind = Kind::boolean;
        node.text = "true";
    } else if (one_of(text, falses)) {
        node.kind = Kind::boolean;
        node.text = "false";
    } else if (is_integer(text)) {
        node.kind = Kind::integer;
    } else {
        node.kind = is_number(text) ? Kind::number : Kind::string;
    }
}

}  // namespace tocsin::schema
