// Heads of answers, however their bytes are cut.
#include "shell/net_head.hpp"

#include <doctest/doctest.h>

#include <string>

#include "core/limits.hpp"

using namespace tocsin;
using shell::HeadReader;

TEST_CASE("a head is read alike wherever its bytes are cut, and what follows it is kept") {
    const std::string last = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n";
    const std::string all = "HTTP/1.1 100 Continue\r\nContent-Length: 7\r\n\r\n" + last;
    for (std::size_t cut = 0; cut <= all.size(); ++cut) {
        CAPTURE(cut);
        HeadReader reader;
        CHECK(reader.take(all.substr(0, cut)));
        CHECK(reader.take(all.substr(cut)));
        CHECK(reader.complete());
        CHECK(reader.chunked());
        CHECK(reader.bytes() == last);
    }
}

TEST_CASE("a head is taken at its bounds and refused one byte beyond them") {
    using namespace core::limits;
    const auto take = [](const std::string& text) {
        HeadReader reader;
        return reader.take(text).ok() && reader.complete();
    };
    const std::string status = "HTTP/1.1 200 ";
    const std::string reason(status_line_bytes_max - status.size(), 'x');
    CHECK(take(status + reason + "\r\n\r\n"));
    CHECK_FALSE(take(status + reason + "x\r\n\r\n"));
    const std::string field = "X: " + std::string(answer_line_bytes_max - 5, 'x');
    CHECK(take(status + "\r\n" + field + "\r\n\r\n"));
    CHECK_FALSE(take(status + "\r\n" + field + "x\r\n\r\n"));
    std::string many = status + "\r\n";
    while (many.size() < answer_head_bytes_max - 1'000)
        many += "X: " + std::string(95, 'x') + "\r\n";
    many += "X: " + std::string(answer_head_bytes_max - 7 - many.size(), 'x');
    CHECK(take(many + "\r\n\r\n"));
    CHECK_FALSE(take(many + "x\r\n\r\n"));
}

TEST_CASE("bytes that drip in one by one reach the same bounds") {
    HeadReader reader;
    std::size_t taken = 0;
    const std::string interim = "HTTP/1.1 100 Continue\r\n\r\n";
    bool refused = false;
    for (; !refused && taken < 1'000'000; ++taken) {
        refused = !reader.take(interim.substr(taken % interim.size(), 1));
    }
    CHECK(taken == core::limits::answer_head_bytes_max + 1);
}
