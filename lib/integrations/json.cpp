// Json values over nlohmann/json; the only file that includes it.
#include "integrations/json.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "base/check.hpp"
#include "base/text.hpp"
#include "integrations/json_text.hpp"

namespace tocsin::integrations {

Json Json::object(std::initializer_list<std::pair<std::string_view, Json>> members) {
    Json made;
    made.held_ = std::vector<Member>();
    for (const auto& [name, value] : members) made.set(name, value);
    return made;
}

Json Json::list(std::vector<Json> items) {
    Json made;
    made.held_ = std::move(items);
    return made;
}

Json& Json::set(std::string_view name, Json value) {
    if (is_null()) held_ = std::vector<Member>();
    std::get<std::vector<Member>>(held_).emplace_back(std::string(name), std::move(value));
    return *this;
}

Json& Json::push(Json value) {
    if (is_null()) held_ = std::vector<Json>();
    std::get<std::vector<Json>>(held_).push_back(std::move(value));
    return *this;
}

bool Json::is_null() const {
    return std::holds_alternative<std::monostate>(held_);
}
bool Json::is_object() const {
    return std::holds_alternative<std::vector<Member>>(held_);
}
bool Json::is_list() const {
    return std::holds_alternative<std::vector<Json>>(held_);
}

std::optional<bool> Json::as_bool() const {
    if (const auto* value = std::get_if<bool>(&held_)) return *value;
    return std::nullopt;
}

std::optional<double> Json::as_number() const {
    if (const auto* value = std::get_if<double>(&held_)) return *value;
    return std::nullopt;
}

std::optional<std::string> Json::as_text() const {
    if (const auto* value = std::get_if<std::string>(&held_)) return *value;
    return std::nullopt;
}

const std::vector<Json>& Json::items() const {
    static const std::vector<Json> none;
    const auto* list = std::get_if<std::vector<Json>>(&held_);
    return list != nullptr ? *list : none;
}

const std::vector<Json::Member>& Json::members() const {
    static const std::vector<Member> none;
    const auto* object = std::get_if<std::vector<Member>>(&held_);
    return object != nullptr ? *object : none;
}

const Json* Json::find(std::string_view name) const {
    const auto& all = members();
    for (auto at = all.rbegin(); at != all.rend(); ++at) {
        if (at->first == name) return &at->second;
    }
    return nullptr;
}

std::optional<std::string> Json::text_at(std::string_view name) const {
    const Json* value = find(name);
    return value != nullptr ? value->as_text() : std::nullopt;
}

std::optional<double> Json::number_at(std::string_view name) const {
    const Json* value = find(name);
    return value != nullptr ? value->as_number() : std::nullopt;
}

std::optional<bool> Json::bool_at(std::string_view name) const {
    const Json* value = find(name);
    return value != nullptr ? value->as_bool() : std::nullopt;
}

// Writing.

namespace {

void append_escape(std::string& out, unsigned char c) {
    switch (c) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        default:
            break;
    }
    constexpr std::string_view digits = "0123456789abcdef";
    out += "\\u00";
    out += digits[c >> 4U];
    out += digits[c & 15U];
}

void append_number(std::string& out, double value) {
    if (!std::isfinite(value)) {
        out += "null";
        return;
    }
    std::array<char, 32> text{};
    constexpr double exact_max = 9007199254740992.0;  // 2^53: integers below are exact
    const bool whole = std::abs(value) < exact_max && std::trunc(value) == value;
    const auto end = whole
                         ? std::to_chars(text.begin(), text.end(), static_cast<std::int64_t>(value))
                         : std::to_chars(text.begin(), text.end(), value);
    out.append(text.data(), end.ptr);
}

}  // namespace

void append_json_text(std::string& out, std::string_view text) {
    std::string held;
    text = valid_text(text, held);
    out += '"';
    std::size_t plain = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto c = static_cast<unsigned char>(text[at]);
        if (c >= 0x20 && c != '"' && c != '\\') continue;
        out.append(text.substr(plain, at - plain));
        append_escape(out, c);
        plain = at + 1;
    }
    out.append(text.substr(plain));
    out += '"';
}

void Json::append_to(std::string& out) const {
    if (const auto* flag = std::get_if<bool>(&held_)) {
        out += *flag ? "true" : "false";
    } else if (const auto* number = std::get_if<double>(&held_)) {
        append_number(out, *number);
    } else if (const auto* text = std::get_if<std::string>(&held_)) {
        append_json_text(out, *text);
    } else if (is_list()) {
        char separator = '[';
        for (const Json& item : items()) {
            out += separator;
            item.append_to(out);
            separator = ',';
        }
        out += items().empty() ? "[]" : "]";
    } else if (is_object()) {
        char separator = '{';
        for (const auto& [name, value] : members()) {
            out += separator;
            append_json_text(out, name);
            out += ':';
            value.append_to(out);
            separator = ',';
        }
        out += members().empty() ? "{}" : "}";
    } else {
        out += "null";
    }
}

std::string Json::dump() const {
    std::string out;
    append_to(out);
    return out;
}

// Reading.

namespace {

/// nlohmann's SAX interface (its names), handing on to JsonEvents and keeping the depth bounded.
class Adaptor {
public:
    Adaptor(JsonEvents& events, std::size_t depth_max) : events_(events), depth_max_(depth_max) {}

    bool null() { return events_.null(); }
    bool boolean(bool value) { return events_.boolean(value); }
    bool number_integer(std::int64_t value) { return whole(value); }
    bool number_unsigned(std::uint64_t value) { return whole(value); }
    bool number_float(double value, const std::string& text) { return events_.number(value, text); }
    bool string(std::string& value) { return events_.text(value); }
    bool binary(nlohmann::json::binary_t& /*value*/) { return false; }
    bool key(std::string& name) { return events_.key(name); }
    bool start_object(std::size_t /*size*/) { return deeper() && events_.begin_object(); }
    bool start_array(std::size_t /*size*/) { return deeper() && events_.begin_list(); }
    bool end_object() { return --depth_, events_.end_object(); }
    bool end_array() { return --depth_, events_.end_list(); }

    bool parse_error(std::size_t position, const std::string& /*token*/,
                     const nlohmann::json::exception& trouble) {
        std::string_view cause = trouble.what();
        if (const auto after = cause.find("] "); after != cause.npos)
            cause.remove_prefix(after + 2);
        error_ = Error{.code = "bad_json",
                       .message = "not JSON at byte " + std::to_string(position) + ": " +
                                  truncate(one_line(to_valid_utf8(cause)), 200)};
        return false;
    }

    [[nodiscard]] const std::optional<Error>& error() const { return error_; }

private:
    bool whole(std::integral auto value) {
        std::array<char, 24> text{};
        const auto end = std::to_chars(text.begin(), text.end(), value);
        return events_.number(static_cast<double>(value), {text.data(), end.ptr});
    }

    bool deeper() {
        if (++depth_ <= depth_max_) return true;
        error_ = too_deep(depth_max_);
        return false;
    }

    JsonEvents& events_;
    std::size_t depth_max_;
    std::size_t depth_ = 0;
    std::optional<Error> error_;
};

/// Builds a value: a stack of the lists and objects that are still open.
class Builder final : public JsonEvents {
public:
    bool null() override { return take(Json()); }
    bool boolean(bool value) override { return take(Json(value)); }
    bool number(double value, std::string_view /*text*/) override { return take(Json(value)); }
    bool text(std::string_view value) override { return take(Json(value)); }
    bool key(std::string_view name) override { return open_.back().key = name, true; }
    bool begin_object() override { return open_.push_back({Json::object(), {}}), true; }
    bool begin_list() override { return open_.push_back({Json::list(), {}}), true; }
    bool end_object() override { return close(); }
    bool end_list() override { return close(); }

    Json result() && { return std::move(result_); }

private:
    struct Open {
        Json value;
        std::string key;
    };

    bool take(Json value) {
        if (open_.empty()) {
            result_ = std::move(value);
        } else if (Open& parent = open_.back(); parent.value.is_list()) {
            parent.value.push(std::move(value));
        } else {
            parent.value.set(parent.key, std::move(value));
        }
        return true;
    }

    bool close() {
        Json value = std::move(open_.back().value);
        open_.pop_back();
        return take(std::move(value));
    }

    std::vector<Open> open_;
    Json result_;
};

}  // namespace

Result<Json> parse_json(std::string_view text, const JsonBounds& bounds) {
    if (text.size() > bounds.bytes_max) return too_large(bounds.bytes_max);
    std::string held;
    text = valid_text(text, held);
    Builder builder;
    Adaptor adaptor(builder, bounds.depth_max);
    if (nlohmann::json::sax_parse(text.begin(), text.end(), &adaptor)) {
        return std::move(builder).result();
    }
    check(adaptor.error().has_value());  // the builder takes everything
    return *adaptor.error();
}

}  // namespace tocsin::integrations
