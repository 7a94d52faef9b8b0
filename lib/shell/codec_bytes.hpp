#pragma once
// The two archives of the codec: one field list per record serves both writing and reading.

#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.hpp"
#include "base/labels.hpp"
#include "base/time.hpp"
#include "core/symbols.hpp"

namespace tocsin::shell::codec {

/// Appends to `out`: counts and ids as varints (LEB128), instants, hashes and doubles as eight
/// little-endian bytes, text and labels with their length before them, a flag byte for optionals.
class Writer {
public:
    Writer(std::string& out, const core::Symbols* symbols, std::uint8_t version)
        : out_(out), symbols_(symbols), version_(version) {}

    /// Of the row: fields that came later stand behind a look at it.
    [[nodiscard]] std::uint8_t version() const { return version_; }

    void operator()(std::uint64_t number);
    void operator()(std::uint32_t number) { (*this)(std::uint64_t{number}); }
    void operator()(std::uint8_t number) { out_.push_back(static_cast<char>(number)); }
    void operator()(bool flag) { (*this)(static_cast<std::uint8_t>(flag)); }
    void operator()(double number) { fixed(std::bit_cast<std::uint64_t>(number)); }
    void operator()(Instant instant);
    void operator()(std::string_view text);
    void operator()(const std::string& text) { (*this)(std::string_view(text)); }
    void operator()(const Labels& labels) { (*this)(labels.block()); }
    void operator()(core::Symbol symbol);
    template <class T>
    void operator()(const std::optional<T>& field) {
        (*this)(field.has_value());
        if (field) (*this)(*field);
    }
    template <class T>
    void operator()(const std::vector<T>& list) {
        (*this)(std::uint64_t{list.size()});
        for (const T& item : list) (*this)(item);
    }
    template <class Record>
    void operator()(const Record& record) {
        fields(*this, record);
    }
    void fixed(std::uint64_t number);
    /// Writing a value that reading would refuse is our own mistake: `last` must be kept up.
    template <class Enum>
    void choice(Enum value, Enum last) {
        check(value <= last);
        (*this)(static_cast<std::uint8_t>(value));
    }

private:
    std::string& out_;
    const core::Symbols* symbols_;
    std::uint8_t version_;
};

/// Reads the same; what is cut off, too long or out of range makes it bad(), and from then on every
/// field reads as empty. Never reads outside `bytes`, never reserves more than they could fill.
class Reader {
public:
    Reader(std::string_view bytes, core::Symbols* symbols) : rest_(bytes), symbols_(symbols) {}

    [[nodiscard]] bool bad() const { return bad_; }
    [[nodiscard]] bool at_end() const { return rest_.empty(); }
    [[nodiscard]] std::uint8_t version() const { return version_; }
    void set_version(std::uint8_t version) { version_ = version; }

    void operator()(std::uint64_t& number);
    void operator()(std::uint32_t& number);
    void operator()(std::uint8_t& number);
    void operator()(bool& flag);
    void operator()(double& number);
    void operator()(Instant& instant);
    void operator()(std::string_view& text);
    void operator()(std::string& text);
    void operator()(Labels& labels);
    void operator()(core::Symbol& symbol);
    template <class T>
    void operator()(std::optional<T>& field) {
        bool present = false;
        (*this)(present);
        if (present) (*this)(field.emplace());
    }
    template <class T>
    void operator()(std::vector<T>& list) {
        std::uint64_t count = 0;
        (*this)(count);
        for (; count > 0 && !bad_; --count) (*this)(list.emplace_back());
    }
    template <class Record>
    void operator()(Record& record) {
        fields(*this, record);
    }
    void fixed(std::uint64_t& number);
    template <class Enum>
    void choice(Enum& value, Enum last) {
        std::uint8_t number = 0;
        (*this)(number);
        if (number > static_cast<std::uint8_t>(last)) fail();
        if (!bad_) value = static_cast<Enum>(number);
    }

private:
    std::string_view take(std::uint64_t bytes);
    void fail();

    std::string_view rest_;
    core::Symbols* symbols_;
    bool bad_ = false;
    std::uint8_t version_ = 0;  // until the first byte was read
};

}  // namespace tocsin::shell::codec
