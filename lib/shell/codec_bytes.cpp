// The two archives of the codec: how numbers, text and labels become bytes and come back.

#include "shell/codec_bytes.hpp"

namespace tocsin::shell::codec {

// ---- Writing

void Writer::operator()(std::uint64_t number) {
    char bytes[10];
    std::size_t count = 0;
    while (number >= 0x80) {
        bytes[count++] = static_cast<char>((number & 0x7F) | 0x80);
        number >>= 7;
    }
    bytes[count++] = static_cast<char>(number);
    out_.append(bytes, count);
}

void Writer::operator()(Instant instant) {
    fixed(static_cast<std::uint64_t>(instant.time_since_epoch().count()));
}

void Writer::operator()(std::string_view text) {
    (*this)(std::uint64_t{text.size()});
    out_.append(text);
}

void Writer::operator()(core::Symbol symbol) {
    check(symbols_ != nullptr);
    (*this)(std::string_view(symbols_->text(symbol)));
}

void Writer::fixed(std::uint64_t number) {
    char bytes[8];
    for (char& byte : bytes) {
        byte = static_cast<char>(number & 0xFF);
        number >>= 8;
    }
    out_.append(bytes, sizeof bytes);
}

// ---- Reading

void Reader::fail() {
    bad_ = true;
    rest_ = {};
}

std::string_view Reader::take(std::uint64_t bytes) {
    if (bytes > rest_.size()) {
        fail();
        return {};
    }
    const std::string_view taken = rest_.substr(0, bytes);
    rest_.remove_prefix(bytes);
    return taken;
}

void Reader::operator()(std::uint8_t& number) {
    const std::string_view byte = take(1);
    if (!byte.empty()) number = static_cast<std::uint8_t>(byte[0]);
}

void Reader::operator()(bool& flag) {
    std::uint8_t number = 0;
    (*this)(number);
    if (number > 1) fail();
    if (!bad_) flag = number == 1;
}

void Reader::operator()(std::uint64_t& number) {
    std::uint64_t sum = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        std::uint8_t byte = 0;
        (*this)(byte);
        if (bad_) return;
        const std::uint64_t bits = byte & 0x7FU;
        if (shift == 63 && bits > 1) break;  // past 64 bits
        sum |= bits << shift;
        if ((byte & 0x80U) == 0) {
            number = sum;
            return;
        }
    }
    fail();
}

void Reader::operator()(std::uint32_t& number) {
    std::uint64_t wide = 0;
    (*this)(wide);
    if (wide > UINT32_MAX) fail();
    if (!bad_) number = static_cast<std::uint32_t>(wide);
}

void Reader::fixed(std::uint64_t& number) {
    const std::string_view bytes = take(8);
    std::uint64_t sum = 0;
    for (std::size_t i = bytes.size(); i > 0; --i) {
        sum = (sum << 8) | static_cast<std::uint8_t>(bytes[i - 1]);
    }
    if (!bad_) number = sum;
}

void Reader::operator()(double& number) {
    std::uint64_t bits = 0;
    fixed(bits);
    if (!bad_) number = std::bit_cast<double>(bits);
}

void Reader::operator()(Instant& instant) {
    std::uint64_t bits = 0;
    fixed(bits);
    if (!bad_) instant = Instant(Duration(static_cast<std::int64_t>(bits)));
}

void Reader::operator()(std::string_view& text) {
    std::uint64_t size = 0;
    (*this)(size);
    if (!bad_) text = take(size);
}

void Reader::operator()(std::string& text) {
    std::string_view view;
    (*this)(view);
    if (!bad_) text.assign(view);
}

void Reader::operator()(Labels& labels) {
    std::string_view block;
    (*this)(block);
    if (bad_) return;
    labels = Labels::from_block(block);
    if (labels.block() != block) fail();
}

void Reader::operator()(core::Symbol& symbol) {
    check(symbols_ != nullptr);
    std::string_view text;
    (*this)(text);
    if (!bad_) symbol = symbols_->intern(text);
}

}  // namespace tocsin::shell::codec
