// read_json: one pass over the bytes, without copies of what has no escapes, for 100,000s of
// alerts.
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "integrations/json.hpp"
#include "integrations/json_text.hpp"

namespace tocsin::integrations {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool is_space(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Of a string: everything but its end, an escape, and the control characters that may not be
/// there.
bool is_plain(char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
}

/// Whether all eight bytes are plain, without looking at each (the classical zero-byte test).
bool all_plain(const char* at) {
    constexpr std::uint64_t ones = 0x0101010101010101U;
    constexpr std::uint64_t tops = 0x8080808080808080U;
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    const std::uint64_t quote = word ^ (ones * '"');
    const std::uint64_t backslash = word ^ (ones * '\\');
    const std::uint64_t found = ((quote - ones) & ~quote) | ((backslash - ones) & ~backslash) |
                                ((word - ones * 0x20) & ~word);
    return (found & tops) == 0;
}

void append_utf8(std::string& out, std::uint32_t code) {
    const auto part = [&](std::uint32_t bits) { out += static_cast<char>(bits); };
    const auto rest = [&](std::uint32_t shift) { part(0x80U | ((code >> shift) & 0x3FU)); };
    if (code < 0x80) return part(code);
    if (code < 0x800) return part(0xC0U | (code >> 6U)), rest(0);
    if (code < 0x10000) return part(0xE0U | (code >> 12U)), rest(6), rest(0);
    part(0xF0U | (code >> 18U)), rest(12), rest(6), rest(0);
}

class Reader {
public:
    Reader(std::string_view text, JsonEvents& events, std::size_t depth_max)
        : begin_(text.data()),
          at_(text.data()),
          end_(text.data() + text.size()),
          events_(events),
          depth_max_(depth_max) {}

    Status read() {
        if (std::string_view(at_, end_).starts_with(byte_order_mark)) at_ += byte_order_mark.size();
        bool well = value();
        while (well && !open_.empty()) well = next();
        skip_space();
        if (well && at_ != end_) well = fail("the end");
        if (well) return {};
        if (error_) return *error_;
        return Error{.code = "unexpected", .message = "not of the expected shape", .field = {}};
    }

private:
    /// The next item of the innermost list or object, or its end.
    bool next() {
        const bool in_object = open_.back() == '{';
        skip_space();
        if (at_ != end_ && *at_ == (in_object ? '}' : ']')) return close(in_object);
        if (!is_fresh_) {
            if (!take(',')) return fail(in_object ? "`,` or `}`" : "`,` or `]`");
            skip_space();
        }
        is_fresh_ = false;
        if (!in_object) return value();
        if (at_ == end_ || *at_ != '"') return fail("a name in quotes");
        if (!string() || !events_.key(token_)) return false;
        skip_space();
        return take(':') ? value() : fail("`:`");
    }

    bool value() {
        skip_space();
        switch (at_ == end_ ? '\0' : *at_) {
            case '{':
            case '[':
                return open(*at_);
            case '"':
                return string() && events_.text(token_);
            case 't':
                return word("true") && events_.boolean(true);
            case 'f':
                return word("false") && events_.boolean(false);
            case 'n':
                return word("null") && events_.null();
            default:
                return number();
        }
    }

    bool open(char bracket) {
        if (open_.size() == depth_max_) {
            error_ = too_deep(depth_max_);
            return false;
        }
        ++at_;
        open_ += bracket;
        is_fresh_ = true;
        return bracket == '{' ? events_.begin_object() : events_.begin_list();
    }

    bool close(bool in_object) {
        ++at_;
        open_.pop_back();
        is_fresh_ = false;
        return in_object ? events_.end_object() : events_.end_list();
    }

    bool word(std::string_view whole) {
        if (!std::string_view(at_, end_).starts_with(whole)) return fail("a value");
        at_ += whole.size();
        return true;
    }

    bool number() {
        const char* const from = at_;
        take('-');
        if (!take('0') && !digits()) return fail("a value");
        if (take('.') && !digits()) return fail("a digit");
        if (take('e') || take('E')) {
            if (!take('+')) take('-');
            if (!digits()) return fail("a digit");
        }
        double value = 0;
        if (std::from_chars(from, at_, value).ec != std::errc()) {
            value = std::strtod(std::string(from, at_).c_str(), nullptr);  // too small is near 0
            if (!std::isfinite(value)) return fail("a number in the range of a double before this");
        }
        return events_.number(value, {from, at_});
    }

    bool digits() {
        const char* const from = at_;
        while (at_ != end_ && is_digit(*at_)) ++at_;
        return at_ != from;
    }

    /// Leaves what stands between the quotes in `token_`.
    bool string() {
        const char* const from = ++at_;
        skip_plain();
        if (at_ != end_ && *at_ == '"') {
            token_ = {from, at_++};
            return true;
        }
        unescaped_.assign(from, at_);
        while (at_ != end_ && *at_ == '\\') {
            ++at_;
            if (!escape()) return fail("an escape");
            const char* const plain = at_;
            skip_plain();
            unescaped_.append(plain, at_);
        }
        token_ = unescaped_;
        return take('"') || fail("the end of the text in quotes");
    }

    void skip_plain() {
        while (end_ - at_ >= 8 && all_plain(at_)) at_ += 8;
        while (at_ != end_ && is_plain(*at_)) ++at_;
    }

    bool escape() {
        constexpr std::string_view names = "\"\\/bfnrt";
        constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
        if (take('u')) return code_unit();
        const std::size_t which = at_ == end_ ? names.npos : names.find(*at_);
        if (which == names.npos) return false;
        unescaped_ += meanings[which];
        ++at_;
        return true;
    }

    /// Half a surrogate pair is read as U+FFFD, as Go does.
    bool code_unit() {
        auto unit = hex();
        if (!unit) return false;
        std::uint32_t code = *unit;
        if (code >= 0xD800 && code < 0xDC00 && std::string_view(at_, end_).starts_with("\\u")) {
            const char* const back = at_;
            at_ += 2;
            const auto low = hex();
            if (!low) return false;
            if (*low >= 0xDC00 && *low < 0xE000) {
                code = 0x10000 + ((code - 0xD800) << 10U) + (*low - 0xDC00);
            } else {
                at_ = back;
            }
        }
        if (code >= 0xD800 && code < 0xE000) code = 0xFFFD;
        append_utf8(unescaped_, code);
        return true;
    }

    std::optional<std::uint32_t> hex() {
        constexpr std::ptrdiff_t hex_digits = 4;
        std::uint32_t code = 0;
        if (end_ - at_ < hex_digits) return std::nullopt;
        const auto read = std::from_chars(at_, at_ + hex_digits, code, 16);
        if (read.ec != std::errc() || read.ptr != at_ + hex_digits) return std::nullopt;
        at_ += hex_digits;
        return code;
    }

    void skip_space() {
        while (at_ != end_ && is_space(*at_)) ++at_;
    }

    bool take(char c) {
        if (at_ == end_ || *at_ != c) return false;
        ++at_;
        return true;
    }

    bool fail(std::string_view expected) {
        std::string message = "not JSON at byte " + std::to_string(at_ - begin_ + 1) +
                              ": expected " + std::string(expected) + ", found ";
        message += at_ == end_ ? "the end" : "`" + one_line(to_valid_utf8({at_, 1})) + "`";
        error_ = Error{.code = "bad_json", .message = std::move(message), .field = {}};
        return false;
    }

    const char* begin_;
    const char* at_;
    const char* end_;
    JsonEvents& events_;
    std::size_t depth_max_;
    std::string open_;       // the brackets that are not closed yet
    bool is_fresh_ = false;  // nothing has followed the innermost one so far
    std::string_view token_;
    std::string unescaped_;
    std::optional<Error> error_;
};

}  // namespace

Status read_json(std::string_view text, JsonEvents& events, const JsonBounds& bounds) {
    if (text.size() > bounds.bytes_max) return too_large(bounds.bytes_max);
    std::string held;
    return Reader(valid_text(text, held), events, bounds.depth_max).read();
}

}  // namespace tocsin::integrations
