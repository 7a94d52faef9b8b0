#pragma once
// HtmlReader: reads the HTML that we write, strictly, so that a test sees what a browser would.

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tocsin::support {

struct HtmlTag {
    std::string name;
    std::vector<std::pair<std::string, std::string>> attributes;  // values as written

    [[nodiscard]] std::string attribute(std::string_view wanted) const {
        for (const auto& [key, value] : attributes) {
            if (key == wanted) return value;
        }
        return {};
    }
};

struct HtmlText {
    std::vector<HtmlTag> tags;  // opening ones, in order
    std::string text;           // between the tags, with its entities
    std::string problem;        // empty: every tag was closed in its turn, every quote as well

    [[nodiscard]] std::size_t count(std::string_view name) const {
        return static_cast<std::size_t>(std::count_if(
            tags.begin(), tags.end(), [&](const HtmlTag& tag) { return tag.name == name; }));
    }
};

/// `name="value"` pairs up to the end of the tag; false where anything else stands.
inline bool read_attributes(std::string_view inside, HtmlTag& tag) {
    while (!inside.empty()) {
        if (inside[0] != ' ') return false;
        inside.remove_prefix(1);
        const auto end = std::min(inside.find_first_of(" ="), inside.size());
        std::string name(inside.substr(0, end));
        inside.remove_prefix(end);
        std::string value;
        if (inside.starts_with("=\"")) {
            const auto quote = inside.find('"', 2);
            if (quote == std::string_view::npos) return false;
            value = inside.substr(2, quote - 2);
            inside.remove_prefix(quote + 1);
        } else if (inside.starts_with("=")) {
            return false;
        }
        tag.attributes.emplace_back(std::move(name), std::move(value));
    }
    return true;
}

inline bool is_void_tag(std::string_view name) {
    return name == "meta" || name == "input" || name == "br";
}

/// The end of a tag that begins at 0: the first `>` outside of quotes.
inline std::size_t end_of_tag(std::string_view html) {
    bool quoted = false;
    for (std::size_t i = 0; i < html.size(); ++i) {
        if (html[i] == '"') quoted = !quoted;
        if (html[i] == '>' && !quoted) return i;
    }
    return std::string_view::npos;
}

inline HtmlText read_html(std::string_view html) {
    HtmlText read;
    std::vector<std::string> open;
    if (html.starts_with("<!doctype html>")) html.remove_prefix(15);
    while (!html.empty()) {
        const auto begin = std::min(html.find('<'), html.size());
        read.text += html.substr(0, begin);
        html.remove_prefix(begin);
        if (html.empty()) break;
        const auto end = end_of_tag(html);
        if (end == std::string_view::npos) return read.problem = "a tag without its end", read;
        std::string_view inside = html.substr(1, end - 1);
        html.remove_prefix(end + 1);
        if (inside.starts_with('/')) {
            if (open.empty() || open.back() != inside.substr(1)) {
                return read.problem = "closes `" + std::string(inside) + "`", read;
            }
            open.pop_back();
            continue;
        }
        const bool empty = inside.ends_with('/');
        if (empty) inside.remove_suffix(1);
        HtmlTag tag;
        tag.name = inside.substr(0, std::min(inside.find(' '), inside.size()));
        if (!read_attributes(inside.substr(tag.name.size()), tag)) {
            return read.problem = "attributes of `" + std::string(inside) + "`", read;
        }
        if (!empty && !is_void_tag(tag.name)) open.push_back(tag.name);
        read.tags.push_back(std::move(tag));
    }
    if (!open.empty()) read.problem = "`" + open.back() + "` stays open";
    return read;
}

}  // namespace tocsin::support
