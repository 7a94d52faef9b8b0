// The real Net over TLS: whom it trusts, and hostile answers on that road too.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/net_requests.hpp"
#include "support/temp_directory.hpp"
#include "support/tls_peer.hpp"

using namespace tocsin;
using integrations::Answer;
using integrations::HttpRequest;
using test::Certificate;
using test::request_to;
using test::send_all;
using test::send_one;
using test::TlsPeer;

namespace {

constexpr long day_s = 24L * 60 * 60;
const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

}  // namespace

TEST_CASE("only a certificate that is trusted, valid today and the host's own gets a request") {
    struct Row {
        std::string sentence;
        Certificate certificate;
        bool in_ca_file;
        bool accepted;
    };
    const std::vector<Row> rows = [] {
        std::vector<Row> all;
        const std::string own = "IP:127.0.0.1";
        all.push_back({"good, and in ca_file", {own, -day_s, day_s}, true, true});
        all.push_back({"good, but nobody vouches for it", {own, -day_s, day_s}, false, false});
        all.push_back({"another host's", {"DNS:example.com", -day_s, day_s}, true, false});
        all.push_back({"another address's", {"IP:127.0.0.2", -day_s, day_s}, true, false});
        all.push_back({"expired", {own, -2 * day_s, -day_s}, true, false});
        all.push_back({"not valid yet", {own, day_s, 2 * day_s}, true, false});
        return all;
    }();
    const support::TempDirectory directory;
    for (const Row& row : rows) {
        CAPTURE(row.sentence);
        const std::string ca_file = directory.file("ca.pem");
        REQUIRE(row.certificate.write_pem(ca_file));
        TlsPeer peer(row.certificate, ok);
        const Answer answer =
            send_one(request_to(peer.url()), {.ca_file = row.in_ca_file ? ca_file : std::string()});
        CAPTURE(answer.error);
        CHECK(answer.kind == (row.accepted ? Answer::Kind::answered : Answer::Kind::unreachable));
        CHECK(peer.requests() == (row.accepted ? 1 : 0));
    }
}

TEST_CASE("over TLS a connection is kept, or closed when the peer says so") {
    const support::TempDirectory directory;
    const std::string ca_file = directory.file("ca.pem");
    const Certificate certificate("IP:127.0.0.1", -day_s, day_s);
    REQUIRE(certificate.write_pem(ca_file));
    for (const bool closes : {false, true}) {
        CAPTURE(closes);
        std::string reply = ok;
        if (closes) reply.insert(reply.find("\r\n") + 2, "Connection: close\r\n");
        TlsPeer peer(certificate, reply);
        HttpRequest request = request_to(peer.url("/path"));
        const auto answers =
            send_all({{"a", request}, {"a", request}, {"a", request}}, {.ca_file = ca_file});
        for (const Answer& answer : answers) CHECK(answer.body == "hi");
        REQUIRE(peer.requests() == 3);
        CHECK(peer.request(0).starts_with("POST /path HTTP/1.1\r\n"));
        CHECK(peer.connections() == (closes ? 3 : 1));
    }
}

TEST_CASE("a hostile answer over TLS is refused like any other") {
    struct Row {
        std::string sentence;
        std::string sends;
        std::string says;
    };
    const std::string head = "HTTP/1.1 200 OK\r\n";
    std::string continues;
    for (int i = 0; i < 10'000; ++i) continues += "HTTP/1.1 100 Continue\r\n\r\n";
    const std::vector<Row> rows = {
        {"a status line of 1 MB", "HTTP/1.1 200 " + std::string(1'000'000, 'x') + "\r\n\r\n",
         "a status line of over"},
        {"endless 100 Continue", continues, "a head of over"},
        {"a body over the cap", head + "Content-Length: 9999999\r\n\r\n" + std::string(99'999, 'x'),
         "is over 1000 bytes"},
        {"a chunk size that never ends",
         head + "Transfer-Encoding: chunked\r\n\r\n" + std::string(99'999, '0'), "an endless line"},
    };
    const support::TempDirectory directory;
    const std::string ca_file = directory.file("ca.pem");
    const Certificate certificate("IP:127.0.0.1", -day_s, day_s);
    REQUIRE(certificate.write_pem(ca_file));
    for (const Row& row : rows) {
        CAPTURE(row.sentence);
        TlsPeer peer(certificate, row.sends);
        HttpRequest request = request_to(peer.url());
        request.response_bytes_max = 1'000;
        const Answer answer = send_one(request, {.ca_file = ca_file});
        CAPTURE(answer.error);
        CHECK(answer.kind == Answer::Kind::broken);
        CHECK(answer.error.find(row.says) != std::string::npos);
    }
}
