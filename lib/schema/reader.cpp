// Readers of single values: scalars, durations, secrets, labels, choices.
#include "schema/reader.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"
#include "schema/value.hpp"

namespace tocsin::schema {
namespace {

struct SecretForm {
    std::string_view key;
    SecretRef::From from;
};
constexpr std::array<SecretForm, 3> secret_forms{{{"file", SecretRef::From::file},
                                                  {"env", SecretRef::From::env},
                                                  {"credential", SecretRef::From::credential}}};

std::optional<SecretRef> secret_ref(const Node& node) {
    if (node.kind != Kind::map || node.entries.size() != 1) return std::nullopt;
    const Entry& entry = node.entries.front();
    for (const SecretForm& form : secret_forms) {
        if (entry.key == form.key && entry.value.is_scalar() && !entry.value.text.empty()) {
            return SecretRef{.from = form.from, .name = entry.value.text};
        }
    }
    return std::nullopt;
}

/// The digits behind an optional sign and a 0x or 0o, with their base.
std::optional<std::int64_t> parse_integer(std::string_view text) {
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    int base = 10;
    if (text.starts_with("0x")) base = 16;
    if (text.starts_with("0o")) base = 8;
    if (base != 10) text.remove_prefix(2);
    std::int64_t number = 0;
    const char* end = text.data() + text.size();
    const auto [stop, problem] = std::from_chars(text.data(), end, number, base);
    if (problem != std::errc() || stop != end || number < 0) return std::nullopt;
    return negative ? -number : number;
}

std::string boolean_hint(std::string_view text) {
    constexpr std::array<std::string_view, 4> yes{"yes", "on", "y", "true"};
    constexpr std::array<std::string_view, 4> no{"no", "off", "n", "false"};
    std::string lower(text);
    for (char& byte : lower)
        byte = static_cast<char>(byte >= 'A' && byte <= 'Z' ? byte + 32 : byte);
    if (std::find(yes.begin(), yes.end(), lower) != yes.end()) return "write true, without quotes";
    if (std::find(no.begin(), no.end(), lower) != no.end()) return "write false, without quotes";
    return {};
}

}  // namespace

bool wrong_type(const Node& node, const Shape& expected, const Reader& reader) {
    reader.error(node.at, "expected " + describe(expected) + ", found " + describe(node));
    return false;
}

void unknown_name(Position at, std::string_view what, std::string_view name,
                  const std::vector<std::string>& candidates, const Reader& reader, Level level) {
    std::string hint;
    if (const auto meant = nearest(name, candidates)) {
        hint = "did you mean `" + *meant + "`?";
    } else if (!candidates.empty() && candidates.size() <= 12) {
        hint = "known: " + join(candidates, ", ");
    }
    reader.diagnostics.add(
        {.level = level,
         .file = reader.file,
         .at = at,
         .message = "unknown " + std::string(what) + " `" + truncate(name, 80) + "`",
         .hint = std::move(hint)});
}

bool read_value(std::string& out, const Node& node, const Reader& reader) {
    if (!node.is_scalar()) return wrong_type(node, simple_shape(Shape::Kind::string), reader);
    out = node.text;
    return true;
}

bool read_value(bool& out, const Node& node, const Reader& reader) {
    if (node.kind != Kind::boolean) {
        reader.error(node.at, "expected true or false, found " + describe(node),
                     boolean_hint(node.text));
        return false;
    }
    out = node.text == "true";
    return true;
}

bool read_value(double& out, const Node& node, const Reader& reader) {
    const bool numeric = node.kind == Kind::integer || node.kind == Kind::number;
    const std::optional<double> number = numeric ? parse_number(node.text) : std::nullopt;
    if (!number) return wrong_type(node, simple_shape(Shape::Kind::number), reader);
    out = *number;
    return true;
}

bool read_value(Duration& out, const Node& node, const Reader& reader) {
    if (!node.is_scalar()) return wrong_type(node, simple_shape(Shape::Kind::duration), reader);
    const Result<Duration> duration = parse_duration(node.text);
    if (duration) {
        out = *duration;
        return true;
    }
    const bool bare = node.kind == Kind::integer;
    reader.error(node.at, "expected a duration such as 30s or 5m, found " + describe(node),
                 bare ? "durations need a unit: write `" + node.text + "s`" : std::string());
    return false;
}

bool read_value(Secret& out, const Node& node, const Reader& reader) {
    const std::optional<SecretRef> ref = secret_ref(node);
    if (!ref) {
        // What was found may be the secret itself, so it is not repeated.
        reader.secret_error(node.at,
                            "expected a secret as {file: PATH}, {env: NAME} or {credential: NAME}",
                            node.is_scalar() ? "secrets do not stand in configuration files" : "");
        return false;
    }
    if (!reader.fetch_secret) return true;
    const Result<std::string> secret = reader.fetch_secret(*ref);
    if (!secret) {
        reader.error(node.at, secret.error().message);
        return false;
    }
    out = Secret(*secret);
    return true;
}

bool read_value(Labels& out, const Node& node, const Reader& reader) {
    if (node.kind != Kind::map) return wrong_type(node, simple_shape(Shape::Kind::map), reader);
    bool sound = true;
    std::vector<Labels::Pair> pairs;
    for (const Entry& entry : node.entries) {
        if (!entry.value.is_scalar()) {
            sound = wrong_type(entry.value, simple_shape(Shape::Kind::string), reader);
            continue;
        }
        pairs.emplace_back(entry.key, entry.value.text);
    }
    out = Labels(std::move(pairs));
    return sound;
}

std::optional<std::int64_t> read_integer(const Node& node, std::int64_t least, std::int64_t most,
                                         const Reader& reader) {
    const auto number = node.kind == Kind::integer ? parse_integer(node.text) : std::nullopt;
    if (!number) {
        wrong_type(node, simple_shape(Shape::Kind::integer), reader);
        return std::nullopt;
    }
    if (*number < least || *number > most) {
        reader.error(node.at, "the number " + node.text + " is out of range: it must be between " +
                                  std::to_string(least) + " and " + std::to_string(most));
        return std::nullopt;
    }
    return number;
}

std::optional<std::size_t> read_choice(const Node& node, const std::vector<std::string>& names,
                                       const Reader& reader) {
    if (!node.is_scalar()) {
        wrong_type(node, {.kind = Shape::Kind::choice, .choices = names}, reader);
        return std::nullopt;
    }
    const auto found = std::find(names.begin(), names.end(), node.text);
    if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
    const auto meant = nearest(node.text, names);
    reader.error(node.at, "expected one of " + join(names, ", ") + ", found " + describe(node),
                 meant ? "did you mean `" + *meant + "`?" : std::string());
    return std::nullopt;
}

bool check_keys(const Node& node, const std::string& table, const std::vector<FieldKey>& keys,
                const std::vector<std::string>& also_known, const Reader& reader) {
    std::vector<std::string> known = also_known;
    for (const FieldKey& key : keys) known.push_back(key.name);
    bool sound = true;
    for (const Entry& entry : node.entries) {
        if (std::find(known.begin(), known.end(), entry.key) != known.end()) continue;
        unknown_name(entry.at, "key", entry.key, known, reader);
        sound = false;
    }
    for (const FieldKey& key : keys) {
        if (!key.required || node.find(key.name) != nullptr) continue;
        reader.error(node.at, "the " + table + " lacks the required key `" + key.name + "`");
        sound = false;
    }
    return sound;
}

Shape simple_shape(Shape::Kind kind) {
    Shape shape;
    shape.kind = kind;
    return shape;
}

std::string default_text(const std::string& value) {
    return value.empty() ? std::string() : json_quote(value);
}
std::string default_text(bool value) {
    return value ? "true" : "false";
}
std::string default_text(double value) {
    return format_number(value);
}
std::string default_text(Duration value) {
    return json_quote(format_duration(value));
}
std::string default_text(const Secret&) {
    return {};
}
std::string default_text(const Labels&) {
    return {};
}

}  // namespace tocsin::schema
