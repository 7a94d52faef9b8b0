// Packs label sets into one sorted block, reads them back and fingerprints them.

#include "base/labels.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <limits>
#include <new>

#include "base/text.hpp"

namespace tocsin {

namespace {

constexpr std::size_t entry_head_bytes = 2 * sizeof(std::uint16_t);
constexpr std::size_t part_bytes_max = std::numeric_limits<std::uint16_t>::max();
constexpr std::size_t insertion_sort_max = 64;

template <class Number>
Number read_number(const char* at) {
    Number number;
    std::memcpy(&number, at, sizeof number);
    return number;
}

template <class Number>
char* write_number(char* at, Number number) {
    std::memcpy(at, &number, sizeof number);
    return at + sizeof number;
}

char* write_bytes(char* at, std::string_view bytes) {
    std::memcpy(at, bytes.data(), bytes.size());
    return at + bytes.size();
}

/// The longest prefix of at most `part_bytes_max` bytes that ends on a code point.
std::string_view cut(std::string_view text) {
    if (text.size() <= part_bytes_max) return text;
    std::size_t end = part_bytes_max;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return text.substr(0, end);
}

/// By name, equal names in the order given. Senders mostly sort already, and sets are small.
void sort_by_name(std::span<Labels::Pair> pairs) {
    const auto by_name = [](const Labels::Pair& a, const Labels::Pair& b) {
        return a.first < b.first;
    };
    if (pairs.size() > insertion_sort_max) {
        std::stable_sort(pairs.begin(), pairs.end(), by_name);
        return;
    }
    for (std::size_t i = 1; i < pairs.size(); ++i) {
        const Labels::Pair pair = pairs[i];
        std::size_t to = i;
        for (; to > 0 && pair.first < pairs[to - 1].first; --to) pairs[to] = pairs[to - 1];
        pairs[to] = pair;
    }
}

/// Entries follow each other to the end, names rise strictly, no value is empty.
bool is_well_formed(std::string_view entries) {
    std::string_view previous;
    bool first = true;
    while (!entries.empty()) {
        if (entries.size() < entry_head_bytes) return false;
        const std::size_t name_bytes = read_number<std::uint16_t>(entries.data());
        const std::size_t value_bytes = read_number<std::uint16_t>(entries.data() + 2);
        entries.remove_prefix(entry_head_bytes);
        if (value_bytes == 0 || entries.size() < name_bytes + value_bytes) return false;
        const std::string_view name = entries.substr(0, name_bytes);
        if (!first && name <= previous) return false;
        previous = name;
        first = false;
        entries.remove_prefix(name_bytes + value_bytes);
    }
    return true;
}

}  // namespace

/// The entries follow it in the same allocation.
struct Labels::Block {
    std::atomic<std::uint32_t> holders{1};
    std::uint32_t bytes = 0;

    [[nodiscard]] char* entries() { return reinterpret_cast<char*>(this + 1); }

    static void release(Block* block) {
        if (block == nullptr) return;
        if (block->holders.fetch_sub(1, std::memory_order_acq_rel) > 1) return;
        block->~Block();
        ::operator delete(block);
    }
};

Labels::Block* Labels::make_block(std::size_t bytes) {
    auto* block = new (::operator new(sizeof(Block) + bytes)) Block;
    block->bytes = static_cast<std::uint32_t>(bytes);
    return block;
}

Labels::~Labels() {
    Block::release(block_);
}

Labels::Labels(const Labels& other) noexcept : block_(other.block_) {
    if (block_ != nullptr) block_->holders.fetch_add(1, std::memory_order_relaxed);
}

Labels& Labels::operator=(const Labels& other) noexcept {
    *this = Labels(other);
    return *this;
}

Labels& Labels::operator=(Labels&& other) noexcept {
    Labels taken(std::move(other));
    std::swap(block_, taken.block_);
    return *this;
}

Labels::Labels(std::initializer_list<Pair> pairs) : Labels(std::vector<Pair>(pairs)) {}

Labels::Labels(std::vector<Pair> pairs) : Labels(pack(pairs)) {}

Labels Labels::pack(std::span<Pair> pairs) {
    Labels labels;
    sort_by_name(pairs);
    std::size_t kept = 0;
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        if (i + 1 < pairs.size() && pairs[i + 1].first == pairs[i].first) continue;
        if (pairs[i].second.empty()) continue;
        const Pair pair{cut(pairs[i].first), cut(pairs[i].second)};
        if (kept > 0 && pairs[kept - 1].first == pair.first) --kept;  // equal only after the cut
        pairs[kept++] = pair;
    }
    for (std::size_t i = 0; i < kept; ++i) {
        bytes += entry_head_bytes + pairs[i].first.size() + pairs[i].second.size();
    }
    if (kept == 0 || bytes > std::numeric_limits<std::uint32_t>::max()) return labels;
    labels.block_ = make_block(bytes);
    char* at = labels.block_->entries();
    for (std::size_t i = 0; i < kept; ++i) {
        at = write_number(at, static_cast<std::uint16_t>(pairs[i].first.size()));
        at = write_number(at, static_cast<std::uint16_t>(pairs[i].second.size()));
        at = write_bytes(write_bytes(at, pairs[i].first), pairs[i].second);
    }
    return labels;
}

Labels::Pair Labels::Iterator::operator*() const {
    const std::size_t name_bytes = read_number<std::uint16_t>(at_);
    const std::size_t value_bytes = read_number<std::uint16_t>(at_ + 2);
    const char* name = at_ + entry_head_bytes;
    return {{name, name_bytes}, {name + name_bytes, value_bytes}};
}

Labels::Iterator& Labels::Iterator::operator++() {
    at_ += entry_head_bytes + read_number<std::uint16_t>(at_) + read_number<std::uint16_t>(at_ + 2);
    return *this;
}

Labels::Iterator Labels::Iterator::operator++(int) {
    const Iterator before = *this;
    ++*this;
    return before;
}

std::string_view Labels::block() const {
    if (block_ == nullptr) return {};
    return {block_->entries(), block_->bytes};
}

Labels::Iterator Labels::begin() const {
    return Iterator(block_ == nullptr ? nullptr : block_->entries());
}

Labels::Iterator Labels::end() const {
    const std::string_view entries = block();
    return Iterator(entries.empty() ? nullptr : entries.data() + entries.size());
}

Labels Labels::from_block(std::string_view block) {
    Labels labels;
    if (block.empty() || block.size() > std::numeric_limits<std::uint32_t>::max() ||
        !is_well_formed(block)) {
        return labels;
    }
    labels.block_ = make_block(block.size());
    write_bytes(labels.block_->entries(), block);
    return labels;
}

std::string_view Labels::get(std::string_view name) const {
    for (const Pair& pair : *this) {
        if (pair.first == name) return pair.second;
    }
    return {};
}

std::size_t Labels::size() const {
    return static_cast<std::size_t>(std::distance(begin(), end()));
}

std::vector<Labels::Pair> Labels::pairs() const {
    return {begin(), end()};
}

Labels Labels::with_defaults(const Labels& others) const {
    if (others.empty()) return *this;
    std::vector<Pair> merged = others.pairs();  // of equal names the last wins
    merged.insert(merged.end(), begin(), end());
    return Labels(std::move(merged));
}

Labels Labels::only(const std::vector<std::string>& names) const {
    std::vector<Pair> kept;
    kept.reserve(names.size());
    for (const std::string& name : names) kept.emplace_back(name, get(name));
    return Labels(std::move(kept));
}

Labels Labels::without(std::string_view name) const {
    std::vector<Pair> kept;
    for (const Pair& pair : *this) {
        if (pair.first != name) kept.push_back(pair);
    }
    return Labels(std::move(kept));
}

std::uint64_t Labels::fingerprint() const {
    constexpr std::string_view separator = "\xFF";
    std::uint64_t hash = fnv1a64({});
    for (const auto& [name, value] : *this) {
        hash = fnv1a64(separator, fnv1a64(name, hash));
        hash = fnv1a64(separator, fnv1a64(value, hash));
    }
    return hash;
}

std::string Labels::to_string() const {
    std::string text = "{";
    for (const auto& [name, value] : *this) {
        if (text.size() > 1) text += ", ";
        text.append(name).append("=").append(quote(value));
    }
    return text + "}";
}

std::strong_ordering Labels::operator<=>(const Labels& other) const {
    return std::lexicographical_compare_three_way(begin(), end(), other.begin(), other.end());
}

}  // namespace tocsin
