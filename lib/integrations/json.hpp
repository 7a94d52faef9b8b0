#pragma once
// Json: a small value type and an event reader behind which the JSON library stays hidden.

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "core/limits.hpp"

namespace tocsin::integrations {

/// A JSON value (RFC 8259). Objects keep the order in which members were set; numbers are doubles,
/// and one that is not finite is written as null. Text may hold any bytes: what is not UTF-8 is
/// written as U+FFFD.
class Json {
public:
    using Member = std::pair<std::string, Json>;

    Json() = default;  // null
    Json(std::same_as<bool> auto value) : held_(value) {}
    Json(std::integral auto value) requires(!std::same_as<decltype(value), bool>)
        : held_(static_cast<double>(value)) {}
    Json(double value) : held_(value) {}
    Json(std::string value) : held_(std::move(value)) {}
    Json(std::string_view value) : held_(std::string(value)) {}
    Json(const char* value) : held_(std::string(value)) {}
    template <class T>
    Json(const std::optional<T>& value) {
        if (value) *this = Json(*value);
    }
    /// RFC 3339, UTC.
    Json(Instant value) : Json(format_rfc3339(value)) {}

    static Json object(std::initializer_list<std::pair<std::string_view, Json>> members = {});
    static Json list(std::vector<Json> items = {});

    /// Appends a member, without looking for one of that name.
    Json& set(std::string_view name, Json value);
    Json& push(Json value);

    [[nodiscard]] bool is_null() const;
    [[nodiscard]] bool is_object() const;
    [[nodiscard]] bool is_list() const;
    [[nodiscard]] std::optional<bool> as_bool() const;
    [[nodiscard]] std::optional<double> as_number() const;
    [[nodiscard]] std::optional<std::string> as_text() const;
    /// Empty when it is no list, no object.
    [[nodiscard]] const std::vector<Json>& items() const;
    [[nodiscard]] const std::vector<Member>& members() const;

    /// The member of that name, the last one of several; null when there is none.
    [[nodiscard]] const Json* find(std::string_view name) const;
    [[nodiscard]] std::optional<std::string> text_at(std::string_view name) const;
    [[nodiscard]] std::optional<double> number_at(std::string_view name) const;
    [[nodiscard]] std::optional<bool> bool_at(std::string_view name) const;

    /// One line without spaces.
    [[nodiscard]] std::string dump() const;
    void append_to(std::string& out) const;

    bool operator==(const Json&) const = default;

private:
    std::variant<std::monostate, bool, double, std::string, std::vector<Json>, std::vector<Member>>
        held_;
};

/// Writes `text` as a JSON string with its quotes.
void append_json_text(std::string& out, std::string_view text);

/// Is told of each token in turn; answering false ends the reading there.
class JsonEvents {
public:
    virtual ~JsonEvents() = default;
    virtual bool null() = 0;
    virtual bool boolean(bool value) = 0;
    /// `text` is the number as written, or rewritten without loss; valid during the call only.
    virtual bool number(double value, std::string_view text) = 0;
    virtual bool text(std::string_view value) = 0;
    virtual bool key(std::string_view name) = 0;
    virtual bool begin_object() = 0;
    virtual bool end_object() = 0;
    virtual bool begin_list() = 0;
    virtual bool end_list() = 0;
};

struct JsonBounds {
    std::size_t bytes_max = core::limits::response_bytes_max;
    std::size_t depth_max = core::limits::json_depth_max;
};

/// Reads a whole text without building a document. Text that is not UTF-8 is read with U+FFFD in
/// its place, as Go does. Errors: `bad_json` with the byte offset, `too_large`, `too_deep`.
[[nodiscard]] Status read_json(std::string_view text, JsonEvents& events,
                               const JsonBounds& bounds = {});

/// Reads a whole text into a value, with the same bounds and errors.
[[nodiscard]] Result<Json> parse_json(std::string_view text, const JsonBounds& bounds = {});

}  // namespace tocsin::integrations
