#pragma once
// Labels: an immutable, name-sorted set of name=value pairs packed into one block of memory.

#include <compare>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tocsin {

/// One allocation of exactly the needed size (a pointer of 8 bytes here): 100,000 alerts are held
/// in memory at once. Each entry is {u16 name length, u16 value length, name, value}. Copies share
/// the block, which never changes, between threads too: an alert's labels go into its signal, its
/// verdicts and its rows.
class Labels {
public:
    using Pair = std::pair<std::string_view, std::string_view>;
    class Iterator;

    Labels() = default;
    Labels(std::initializer_list<Pair> pairs);
    /// Sorts by name; of equal names the last wins; empty values are dropped, as Alertmanager does.
    /// Names and values over 65,535 bytes are cut on a code point.
    explicit Labels(std::vector<Pair> pairs);
    /// The same from pairs that stand elsewhere, which are left in any order.
    static Labels pack(std::span<Pair> pairs);
    Labels(const Labels& other) noexcept;
    Labels& operator=(const Labels& other) noexcept;
    Labels(Labels&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
    Labels& operator=(Labels&& other) noexcept;
    ~Labels();

    /// The value, or an empty view: a missing label counts as empty, as in Prometheus.
    [[nodiscard]] std::string_view get(std::string_view name) const;
    [[nodiscard]] bool has(std::string_view name) const { return !get(name).empty(); }
    [[nodiscard]] bool empty() const { return block_ == nullptr; }
    [[nodiscard]] std::size_t size() const;
    [[nodiscard]] Iterator begin() const;
    [[nodiscard]] Iterator end() const;

    /// These plus `others`; where both have a name, these win.
    [[nodiscard]] Labels with_defaults(const Labels& others) const;
    /// Only the named ones, in name order.
    [[nodiscard]] Labels only(const std::vector<std::string>& names) const;
    /// All but the named one.
    [[nodiscard]] Labels without(std::string_view name) const;
    [[nodiscard]] std::vector<Pair> pairs() const;

    /// Alertmanager's and Prometheus' fingerprint: FNV-1a 64 over `name 0xFF value 0xFF`.
    [[nodiscard]] std::uint64_t fingerprint() const;
    /// `{a="b", c="d"}` with Prometheus' escapes; `{}` when empty.
    [[nodiscard]] std::string to_string() const;
    /// The packed block, for storing; `from_block` is its inverse and refuses a malformed one with
    /// empty labels.
    [[nodiscard]] std::string_view block() const;
    static Labels from_block(std::string_view block);

    bool operator==(const Labels& other) const {
        return block_ == other.block_ || block() == other.block();
    }
    std::strong_ordering operator<=>(const Labels& other) const;

private:
    struct Block;
    static Block* make_block(std::size_t bytes);

    Block* block_ = nullptr;  // null when empty
};

class Labels::Iterator {
public:
    using iterator_category = std::forward_iterator_tag;
    using iterator_concept = std::forward_iterator_tag;
    using value_type = Pair;
    using difference_type = std::ptrdiff_t;
    using pointer = const Pair*;
    using reference = Pair;

    Iterator() = default;
    explicit Iterator(const char* at) : at_(at) {}
    Pair operator*() const;
    Iterator& operator++();
    Iterator operator++(int);
    bool operator==(const Iterator&) const = default;

private:
    const char* at_ = nullptr;
};

}  // namespace tocsin
