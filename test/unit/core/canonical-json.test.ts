// Tests of src/core/canonical-json.ts.
import { expect } from "chai";
import { type Json, canonicalHash, canonicalJson } from "../../../src/core/canonical-json.ts";

describe("canonicalJson", function () {
  it("sorts keys and writes no white space", function () {
    expect(canonicalJson({ b: [1, "x", null], a: { d: true, c: 0.5 } })).to.equal(
      '{"a":{"c":0.5,"d":true},"b":[1,"x",null]}',
    );
  });

  it("writes numbers as ECMAScript does", function () {
    expect(canonicalJson([1e21, 1e-7, -0, 333333333.33333329])).to.equal("[1e+21,1e-7,0,333333333.3333333]"); // RFC 8785
  });

  it("escapes what JSON escapes", function () {
    const text = '"\\/\b\n\u0001\u007f é\u2028\ud800';

    expect(canonicalJson({ [text]: text })).to.equal(JSON.stringify({ [text]: text }));
  });

  for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
    it(`refuses ${value}`, function () {
      expect(() => canonicalJson({ value })).to.throw(TypeError);
    });
  }

  it("does not depend on the order of keys", function () {
    const one: Json = { x: 1, y: 2 };
    const two: Json = { y: 2, x: 1 };

    expect(canonicalHash(one)).to.equal(canonicalHash(two));
  });

  it("hashes the text by keccak-256", function () {
    // keccak-256 of the two bytes "{}", as published for Ethereum's tools.
    expect(canonicalHash({})).to.equal("0xb48d38f93eaa084033fc5970bf96e559c33c4cdc07d889ab00b4d63f9590739d");
  });
});
