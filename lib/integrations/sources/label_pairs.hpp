#pragma once
// LabelPairs: names and values gathered while reading, in one buffer, then packed into Labels.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/labels.hpp"
#include "base/text.hpp"
#include "core/limits.hpp"

namespace tocsin::integrations {

/// `[a-zA-Z_][a-zA-Z0-9_]*`, as Alertmanager 0.25 wants it of a posted alert.
inline bool is_label_name(std::string_view name) {
    const auto is_letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    if (name.empty() || !is_letter(name.front())) return false;
    for (const char c : name) {
        if (!is_letter(c) && (c < '0' || c > '9')) return false;
    }
    return true;
}

/// Cleared and used again for the next alert or series, so that only the packed block is allocated.
class LabelPairs {
public:
    void clear() {
        text_.clear();
        spans_.clear();
    }
    [[nodiscard]] std::size_t size() const { return spans_.size(); }

    /// False when the name or the value had to be cut (label_name_bytes_max, `value_bytes_max`).
    bool add(std::string_view name, std::string_view value, std::size_t value_bytes_max) {
        constexpr std::size_t name_bytes_max = core::limits::label_name_bytes_max;
        const bool whole = name.size() <= name_bytes_max && value.size() <= value_bytes_max;
        if (whole) {
            append(name, value);
        } else {
            append(truncate(name, name_bytes_max), truncate(value, value_bytes_max));
        }
        return whole;
    }

    [[nodiscard]] Labels labels() {
        pairs_.clear();
        const std::string_view text = text_;
        for (const Span& span : spans_) {
            pairs_.emplace_back(text.substr(span.at, span.name),
                                text.substr(span.at + span.name, span.value));
        }
        return Labels::pack(pairs_);
    }

private:
    struct Span {
        std::size_t at, name, value;
    };
    void append(std::string_view name, std::string_view value) {
        spans_.push_back({text_.size(), name.size(), value.size()});
        text_ += name;
        text_ += value;
    }

    std::string text_;
    std::vector<Span> spans_;
    std::vector<Labels::Pair> pairs_;
};

}  // namespace tocsin::integrations
