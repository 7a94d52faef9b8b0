// Template functions over text: case, regular expressions, hosts and links.

#include <re2/re2.h>

#include <algorithm>
#include <cstdint>

#include "base/text.hpp"
#include "core/limits.hpp"
#include "core/template_tree.hpp"

namespace tocsin::core::templates {

namespace {

constexpr std::int64_t regex_memory_bytes_max = 1 << 20;

Error misuse(std::string message) {
    return Error{.code = "bad_template", .message = std::move(message)};
}

/// The arguments as texts, or an error that names the function.
Result<std::vector<std::string>> texts(std::string_view function, const Arguments& arguments) {
    std::vector<std::string> result;
    for (const Value& value : arguments) {
        const auto* text = std::get_if<std::string>(&value.held);
        if (text == nullptr) {
            return misuse(std::string(function) + " wants a text, not a " +
                          std::string(type_name(value)));
        }
        result.push_back(*text);
    }
    return result;
}

template <class Call>
Result<Value> with_texts(std::string_view function, const Arguments& arguments, Call call) {
    const Result<std::vector<std::string>> read = texts(function, arguments);
    if (!read) return read.error();
    return call(*read);
}

/// Simple case mapping of ASCII, Latin-1, Greek and Cyrillic letters.
char32_t upper(char32_t c) {
    if (c >= 'a' && c <= 'z') return c - 32;
    if (c >= 0xE0 && c <= 0xFE && c != 0xF7) return c - 32;
    if (c >= 0x3B1 && c <= 0x3C9 && c != 0x3C2) return c - 32;
    if (c >= 0x430 && c <= 0x44F) return c - 32;
    if (c >= 0x450 && c <= 0x45F) return c - 80;
    return c;
}

char32_t lower(char32_t c) {
    if (c >= 'A' && c <= 'Z') return c + 32;
    if (c >= 0xC0 && c <= 0xDE && c != 0xD7) return c + 32;
    if (c >= 0x391 && c <= 0x3A9 && c != 0x3A2) return c + 32;
    if (c >= 0x410 && c <= 0x42F) return c + 32;
    if (c >= 0x400 && c <= 0x40F) return c + 80;
    return c;
}

bool is_separator(char32_t c) {
    if (c >= 0x80) return c == 0x85 || c == 0xA0 || c == 0x3000 || (c >= 0x2000 && c <= 0x200A);
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return !letter && !(c >= '0' && c <= '9') && c != '_';
}

template <class Map>
std::string mapped(std::string_view text, Map map) {
    std::string result;
    while (!text.empty()) {
        const CodePoint point = first_code_point(text);
        result += encode_utf8(map(point.value));
        text.remove_prefix(point.bytes);
    }
    return result;
}

Result<Value> to_upper(const Arguments& arguments, const TemplateData&) {
    return with_texts("toUpper", arguments,
                      [](const auto& t) { return Value{mapped(t[0], upper)}; });
}

Result<Value> to_lower(const Arguments& arguments, const TemplateData&) {
    return with_texts("toLower", arguments,
                      [](const auto& t) { return Value{mapped(t[0], lower)}; });
}

Result<Value> title(const Arguments& arguments, const TemplateData&) {
    return with_texts("title", arguments, [](const auto& t) {
        char32_t before = ' ';
        return Value{mapped(t[0], [&](char32_t c) {
            const bool first = is_separator(before);
            before = c;
            return first ? upper(c) : c;
        })};
    });
}

Result<Value> trim_text(const Arguments& arguments, const TemplateData&) {
    return with_texts("trim", arguments,
                      [](const auto& t) { return Value{std::string(trim(t[0]))}; });
}

Result<Value> safe_html(const Arguments& arguments, const TemplateData&) {
    return with_texts("safeHtml", arguments, [](const auto& t) { return Value{t[0]}; });
}

Result<std::unique_ptr<re2::RE2>> compiled(const std::string& pattern) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(regex_memory_bytes_max);
    auto regex = std::make_unique<re2::RE2>(pattern, options);
    if (!regex->ok()) {
        return misuse("the regular expression " + quote(pattern) +
                      " is not valid: " + regex->error());
    }
    return regex;
}

/// What `$1`, `${1}` or `${name}` at the front of `rest` stands for, and takes it; `$$` is `$`.
std::string take_reference(std::string_view& rest, const re2::RE2& regex,
                           const std::vector<re2::StringPiece>& groups) {
    const bool braces = rest.starts_with('{');
    std::size_t end = braces ? 1 : 0;
    const auto is_word = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_';
    };
    while (end < rest.size() && is_word(rest[end])) ++end;
    const std::string name(rest.substr(braces ? 1 : 0, end - (braces ? 1 : 0)));
    if (name.empty() || (braces && (end == rest.size() || rest[end] != '}'))) {
        if (rest.starts_with('$')) rest.remove_prefix(1);
        return "$";
    }
    rest.remove_prefix(braces ? end + 1 : end);
    std::size_t group = groups.size();
    if (name.find_first_not_of("0123456789") == std::string::npos) {
        constexpr std::size_t digits_max = 4;
        if (name.size() <= digits_max) group = std::stoul(name);
    } else if (const auto named = regex.NamedCapturingGroups().find(name);
               named != regex.NamedCapturingGroups().end()) {
        group = static_cast<std::size_t>(named->second);
    }
    if (group >= groups.size() || groups[group].data() == nullptr) return {};
    return {groups[group].data(), groups[group].size()};
}

std::string expanded(std::string_view replacement, const re2::RE2& regex,
                     const std::vector<re2::StringPiece>& groups) {
    std::string result;
    while (!replacement.empty()) {
        const std::size_t dollar = replacement.find('$');
        result += replacement.substr(0, dollar);
        if (dollar == std::string_view::npos) break;
        replacement.remove_prefix(dollar + 1);
        result += take_reference(replacement, regex, groups);
    }
    return result;
}

/// Go's regexp.ReplaceAllString.
std::string replaced_all(const re2::RE2& regex, std::string_view replacement,
                         const std::string& text) {
    std::vector<re2::StringPiece> groups(static_cast<std::size_t>(regex.NumberOfCapturingGroups()) +
                                         1);
    const std::string_view view = text;
    std::string result;
    std::size_t search = 0;    // where the next match is looked for
    std::size_t last_end = 0;  // of the latest match
    while (search <= text.size() && result.size() <= limits::text_bytes_max &&
           regex.Match(text, search, text.size(), re2::RE2::UNANCHORED, groups.data(),
                       static_cast<int>(groups.size()))) {
        const auto begin = static_cast<std::size_t>(groups[0].data() - text.data());
        const std::size_t end = begin + groups[0].size();
        result += view.substr(last_end, begin - last_end);
        // An empty match right behind another is none of its own.
        if (end > last_end || begin == 0) result += expanded(replacement, regex, groups);
        last_end = end;
        const std::size_t width =
            search < text.size() ? first_code_point(view.substr(search)).bytes : 1;
        search = std::max(search + width, end);
    }
    result += view.substr(last_end);
    return result;
}

Result<Value> replace_all(const Arguments& arguments, const TemplateData&) {
    return with_texts("reReplaceAll", arguments, [](const auto& t) -> Result<Value> {
        const auto regex = compiled(t[0]);
        if (!regex) return regex.error();
        return Value{replaced_all(**regex, t[1], t[2])};
    });
}

Result<Value> match_text(const Arguments& arguments, const TemplateData&) {
    return with_texts("match", arguments, [](const auto& t) -> Result<Value> {
        const auto regex = compiled(t[0]);
        if (!regex) return regex.error();
        return Value{re2::RE2::PartialMatch(t[1], **regex)};
    });
}

struct HostPort {
    std::string host, port;
};

/// Go's net.SplitHostPort; nullopt when there is no port.
std::optional<HostPort> split_host_port(const std::string& text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string::npos) return std::nullopt;
    std::string host = text.substr(0, colon);
    if (host.starts_with('[')) {
        if (host.find(']') != host.size() - 1) return std::nullopt;
        host = host.substr(1, host.size() - 2);
    } else if (host.find(':') != std::string::npos) {
        return std::nullopt;
    }
    if (host.find_first_of("[]") != std::string::npos) return std::nullopt;
    return HostPort{host, text.substr(colon + 1)};
}

bool is_address(const std::string& host) {
    if (host.find(':') != std::string::npos) {
        return host.find_first_not_of("0123456789abcdefABCDEF:.") == std::string::npos;
    }
    const std::vector<std::string_view> parts = split(host, '.');
    if (parts.size() != 4) return false;
    for (const std::string_view part : parts) {
        const bool digits = part.find_first_not_of("0123456789") == std::string_view::npos;
        if (part.empty() || part.size() > 3 || !digits) return false;
        if (std::stoi(std::string(part)) > 255 || (part.size() > 1 && part[0] == '0')) return false;
    }
    return true;
}

Result<Value> strip_port(const Arguments& arguments, const TemplateData&) {
    return with_texts("stripPort", arguments, [](const auto& t) {
        const std::optional<HostPort> parts = split_host_port(t[0]);
        return Value{parts ? parts->host : t[0]};
    });
}

Result<Value> strip_domain(const Arguments& arguments, const TemplateData&) {
    return with_texts("stripDomain", arguments, [](const auto& t) {
        const std::optional<HostPort> parts = split_host_port(t[0]);
        const std::string host = parts ? parts->host : t[0];
        if (is_address(host)) return Value{t[0]};
        const std::string label = host.substr(0, host.find('.'));
        return Value{parts && !parts->port.empty() ? label + ":" + parts->port : label};
    });
}

std::string query_escaped(std::string_view text) {
    std::string result;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const bool plain = letter || (c >= '0' && c <= '9');
        if (plain || std::string_view("-_.~").find(c) != std::string_view::npos) {
            result += c;
        } else if (c == ' ') {
            result += '+';
        } else {
            constexpr std::string_view digits = "0123456789ABCDEF";
            result += {'%', digits[byte >> 4U], digits[byte & 0xFU]};
        }
    }
    return result;
}

Result<Value> table_link(const Arguments& arguments, const TemplateData&) {
    return with_texts("tableLink", arguments, [](const auto& t) {
        return Value{"/graph?g0.expr=" + query_escaped(t[0]) + "&g0.tab=1"};
    });
}

Result<Value> graph_link(const Arguments& arguments, const TemplateData&) {
    return with_texts("graphLink", arguments, [](const auto& t) {
        return Value{"/graph?g0.expr=" + query_escaped(t[0]) + "&g0.tab=0"};
    });
}

Result<Value> url_query(const Arguments& arguments, const TemplateData&) {
    return with_texts("urlquery", arguments,
                      [](const auto& t) { return Value{query_escaped(t[0])}; });
}

Result<Value> external_url(const Arguments&, const TemplateData& data) {
    return Value{std::string(data.external_url)};
}

Result<Value> path_prefix(const Arguments&, const TemplateData& data) {
    const std::size_t scheme = data.external_url.find("://");
    if (scheme == std::string_view::npos) return Value{std::string()};
    const std::size_t path = data.external_url.find('/', scheme + 3);
    if (path == std::string_view::npos) return Value{std::string()};
    return Value{std::string(data.external_url.substr(path))};
}

}  // namespace

std::vector<Function> text_functions() {
    return {
        {"toUpper", "In upper case.", 1, 1, to_upper},
        {"toLower", "In lower case.", 1, 1, to_lower},
        {"title", "Each word with a capital.", 1, 1, title},
        {"trim", "Without blanks at both ends.", 1, 1, trim_text},
        {"reReplaceAll", "reReplaceAll REGEX REPLACEMENT TEXT, with $1.", 3, 3, replace_all},
        {"match", "match REGEX TEXT: it matches somewhere.", 2, 2, match_text},
        {"stripPort", "host:9100 as host.", 1, 1, strip_port},
        {"stripDomain", "web-1.example.com:80 as web-1:80.", 1, 1, strip_domain},
        {"safeHtml", "The text as it is.", 1, 1, safe_html},
        {"tableLink", "The path of a table for an expression.", 1, 1, table_link},
        {"graphLink", "The path of a graph for an expression.", 1, 1, graph_link},
        {"urlquery", "Escaped for the query of a URL.", 1, 1, url_query},
        {"pathPrefix", "The path of the external URL.", 0, 0, path_prefix},
        {"externalURL", "The URL under which this is reached.", 0, 0, external_url},
    };
}

}  // namespace tocsin::core::templates
