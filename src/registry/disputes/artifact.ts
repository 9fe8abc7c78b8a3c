/** Generated from contracts/DisputeBonds.sol by `npm run generate:registry`. */
export const disputesAbi = [
  {
    inputs: [{ internalType: "contract ITrainingRegistry", name: "registry", type: "address" }],
    stateMutability: "nonpayable",
    type: "constructor",
  },
  {
    inputs: [
      { internalType: "bytes32", name: "bondId", type: "bytes32" },
      { internalType: "address", name: "resolver", type: "address" },
    ],
    name: "AlreadyVoted",
    type: "error",
  },
  {
    inputs: [{ internalType: "bytes32", name: "bondId", type: "bytes32" }],
    name: "BondAlreadyPosted",
    type: "error",
  },
  {
    inputs: [
      { internalType: "uint256", name: "challengeUntil", type: "uint256" },
      { internalType: "uint256", name: "earliest", type: "uint256" },
      { internalType: "uint256", name: "latest", type: "uint256" },
    ],
    name: "ChallengeWindowOutOfRange",
    type: "error",
  },
  { inputs: [], name: "DisputeReasonMissing", type: "error" },
  {
    inputs: [
      { internalType: "uint256", name: "length", type: "uint256" },
      { internalType: "uint256", name: "maximum", type: "uint256" },
    ],
    name: "DisputeReasonTooLong",
    type: "error",
  },
  {
    inputs: [{ internalType: "address", name: "registry", type: "address" }],
    name: "NotARegistry",
    type: "error",
  },
  {
    inputs: [
      { internalType: "bytes32", name: "bondId", type: "bytes32" },
      { internalType: "address", name: "account", type: "address" },
    ],
    name: "NotAResolver",
    type: "error",
  },
  {
    inputs: [
      { internalType: "bytes32", name: "claimId", type: "bytes32" },
      { internalType: "address", name: "author", type: "address" },
    ],
    name: "NotTheAuthor",
    type: "error",
  },
  {
    inputs: [{ internalType: "address", name: "account", type: "address" }],
    name: "NothingOwed",
    type: "error",
  },
  {
    inputs: [
      { internalType: "bytes32", name: "claimId", type: "bytes32" },
      { internalType: "address", name: "attester", type: "address" },
    ],
    name: "NothingToBond",
    type: "error",
  },
  {
    inputs: [{ internalType: "address", name: "account", type: "address" }],
    name: "PartyTwice",
    type: "error",
  },
  {
    inputs: [
      { internalType: "address", name: "to", type: "address" },
      { internalType: "uint256", name: "amount", type: "uint256" },
    ],
    name: "PaymentRefused",
    type: "error",
  },
  {
    inputs: [
      { internalType: "uint256", name: "resolveWithin", type: "uint256" },
      { internalType: "uint256", name: "minimum", type: "uint256" },
      { internalType: "uint256", name: "maximum", type: "uint256" },
    ],
    name: "ResolveWindowOutOfRange",
    type: "error",
  },
  {
    inputs: [{ internalType: "uint256", name: "index", type: "uint256" }],
    name: "ResolversNotAscending",
    type: "error",
  },
  {
    inputs: [
      { internalType: "uint256", name: "resolvers", type: "uint256" },
      { internalType: "uint256", name: "maximum", type: "uint256" },
    ],
    name: "ResolversOutOfRange",
    type: "error",
  },
  {
    inputs: [
      { internalType: "uint256", name: "threshold", type: "uint256" },
      { internalType: "uint256", name: "resolvers", type: "uint256" },
    ],
    name: "ThresholdNotAMajority",
    type: "error",
  },
  {
    inputs: [{ internalType: "bytes32", name: "bondId", type: "bytes32" }],
    name: "UnknownBond",
    type: "error",
  },
  {
    inputs: [
      { internalType: "bytes32", name: "bondId", type: "bytes32" },
      { internalType: "uint256", name: "until", type: "uint256" },
    ],
    name: "WindowOpen",
    type: "error",
  },
  {
    inputs: [
      { internalType: "bytes32", name: "bondId", type: "bytes32" },
      { internalType: "uint256", name: "until", type: "uint256" },
    ],
    name: "WindowOver",
    type: "error",
  },
  {
    inputs: [
      { internalType: "bytes32", name: "bondId", type: "bytes32" },
      { internalType: "enum Stage", name: "stage", type: "uint8" },
      { internalType: "enum Stage", name: "needed", type: "uint8" },
    ],
    name: "WrongStage",
    type: "error",
  },
  {
    inputs: [
      { internalType: "uint256", name: "sent", type: "uint256" },
      { internalType: "uint256", name: "expected", type: "uint256" },
    ],
    name: "WrongValue",
    type: "error",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, internalType: "bytes32", name: "bondId", type: "bytes32" },
      { indexed: true, internalType: "bytes32", name: "claimId", type: "bytes32" },
      { indexed: true, internalType: "address", name: "challenger", type: "address" },
      { indexed: false, internalType: "uint40", name: "resolveUntil", type: "uint40" },
      { indexed: false, internalType: "string", name: "reason", type: "string" },
    ],
    name: "BondChallenged",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, internalType: "bytes32", name: "bondId", type: "bytes32" },
      { indexed: true, internalType: "bytes32", name: "claimId", type: "bytes32" },
      { indexed: true, internalType: "address", name: "poster", type: "address" },
      {
        components: [
          { internalType: "bytes32", name: "claimId", type: "bytes32" },
          { internalType: "address", name: "attester", type: "address" },
          { internalType: "uint96", name: "amount", type: "uint96" },
          { internalType: "uint40", name: "challengeUntil", type: "uint40" },
          { internalType: "uint40", name: "resolveWithin", type: "uint40" },
          { internalType: "uint8", name: "threshold", type: "uint8" },
          { internalType: "address[]", name: "resolvers", type: "address[]" },
        ],
        indexed: false,
        internalType: "struct BondTerms",
        name: "terms",
        type: "tuple",
      },
    ],
    name: "BondPosted",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, internalType: "bytes32", name: "bondId", type: "bytes32" },
      { indexed: true, internalType: "bytes32", name: "claimId", type: "bytes32" },
      { indexed: true, internalType: "address", name: "poster", type: "address" },
      { indexed: false, internalType: "enum Stage", name: "stage", type: "uint8" },
    ],
    name: "BondSettled",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, internalType: "bytes32", name: "bondId", type: "bytes32" },
      { indexed: true, internalType: "bytes32", name: "claimId", type: "bytes32" },
      { indexed: true, internalType: "address", name: "resolver", type: "address" },
      { indexed: false, internalType: "bool", name: "upheld", type: "bool" },
      { indexed: false, internalType: "string", name: "reason", type: "string" },
    ],
    name: "VoteCast",
    type: "event",
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, internalType: "address", name: "account", type: "address" },
      { indexed: true, internalType: "address", name: "to", type: "address" },
      { indexed: false, internalType: "uint256", name: "amount", type: "uint256" },
    ],
    name: "Withdrawn",
    type: "event",
  },
  {
    inputs: [],
    name: "BOND_TYPE",
    outputs: [{ internalType: "bytes32", name: "", type: "bytes32" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [],
    name: "MAX_REASON_BYTES",
    outputs: [{ internalType: "uint256", name: "", type: "uint256" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [],
    name: "MAX_RESOLVERS",
    outputs: [{ internalType: "uint256", name: "", type: "uint256" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [],
    name: "MAX_WINDOW",
    outputs: [{ internalType: "uint256", name: "", type: "uint256" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [],
    name: "MIN_WINDOW",
    outputs: [{ internalType: "uint256", name: "", type: "uint256" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [],
    name: "REGISTRY",
    outputs: [{ internalType: "contract ITrainingRegistry", name: "", type: "address" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [
      {
        components: [
          { internalType: "bytes32", name: "claimId", type: "bytes32" },
          { internalType: "address", name: "attester", type: "address" },
          { internalType: "uint96", name: "amount", type: "uint96" },
          { internalType: "uint40", name: "challengeUntil", type: "uint40" },
          { internalType: "uint40", name: "resolveWithin", type: "uint40" },
          { internalType: "uint8", name: "threshold", type: "uint8" },
          { internalType: "address[]", name: "resolvers", type: "address[]" },
        ],
        internalType: "struct BondTerms",
        name: "terms",
        type: "tuple",
      },
    ],
    name: "bondIdOf",
    outputs: [{ internalType: "bytes32", name: "", type: "bytes32" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [
      {
        components: [
          { internalType: "bytes32", name: "claimId", type: "bytes32" },
          { internalType: "address", name: "attester", type: "address" },
          { internalType: "uint96", name: "amount", type: "uint96" },
          { internalType: "uint40", name: "challengeUntil", type: "uint40" },
          { internalType: "uint40", name: "resolveWithin", type: "uint40" },
          { internalType: "uint8", name: "threshold", type: "uint8" },
          { internalType: "address[]", name: "resolvers", type: "address[]" },
        ],
        internalType: "struct BondTerms",
        name: "terms",
        type: "tuple",
      },
      { internalType: "string", name: "reason", type: "string" },
    ],
    name: "challenge",
    outputs: [],
    stateMutability: "payable",
    type: "function",
  },
  {
    inputs: [{ internalType: "bytes32", name: "bondId", type: "bytes32" }],
    name: "getBond",
    outputs: [
      {
        components: [
          { internalType: "address", name: "poster", type: "address" },
          { internalType: "enum Stage", name: "stage", type: "uint8" },
          { internalType: "uint40", name: "postedIn", type: "uint40" },
          { internalType: "uint40", name: "challengedIn", type: "uint40" },
          { internalType: "address", name: "challenger", type: "address" },
          { internalType: "uint40", name: "resolveUntil", type: "uint40" },
          { internalType: "uint16", name: "upheldBy", type: "uint16" },
          { internalType: "uint16", name: "refutedBy", type: "uint16" },
        ],
        internalType: "struct Bond",
        name: "",
        type: "tuple",
      },
    ],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [{ internalType: "address", name: "account", type: "address" }],
    name: "owed",
    outputs: [{ internalType: "uint256", name: "", type: "uint256" }],
    stateMutability: "view",
    type: "function",
  },
  {
    inputs: [
      {
        components: [
          { internalType: "bytes32", name: "claimId", type: "bytes32" },
          { internalType: "address", name: "attester", type: "address" },
          { internalType: "uint96", name: "amount", type: "uint96" },
          { internalType: "uint40", name: "challengeUntil", type: "uint40" },
          { internalType: "uint40", name: "resolveWithin", type: "uint40" },
          { internalType: "uint8", name: "threshold", type: "uint8" },
          { internalType: "address[]", name: "resolvers", type: "address[]" },
        ],
        internalType: "struct BondTerms",
        name: "terms",
        type: "tuple",
      },
    ],
    name: "post",
    outputs: [{ internalType: "bytes32", name: "bondId", type: "bytes32" }],
    stateMutability: "payable",
    type: "function",
  },
  {
    inputs: [
      {
        components: [
          { internalType: "bytes32", name: "claimId", type: "bytes32" },
          { internalType: "address", name: "attester", type: "address" },
          { internalType: "uint96", name: "amount", type: "uint96" },
          { internalType: "uint40", name: "challengeUntil", type: "uint40" },
          { internalType: "uint40", name: "resolveWithin", type: "uint40" },
          { internalType: "uint8", name: "threshold", type: "uint8" },
          { internalType: "address[]", name: "resolvers", type: "address[]" },
        ],
        internalType: "struct BondTerms",
        name: "terms",
        type: "tuple",
      },
    ],
    name: "release",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [
      {
        components: [
          { internalType: "bytes32", name: "claimId", type: "bytes32" },
          { internalType: "address", name: "attester", type: "address" },
          { internalType: "uint96", name: "amount", type: "uint96" },
          { internalType: "uint40", name: "challengeUntil", type: "uint40" },
          { internalType: "uint40", name: "resolveWithin", type: "uint40" },
          { internalType: "uint8", name: "threshold", type: "uint8" },
          { internalType: "address[]", name: "resolvers", type: "address[]" },
        ],
        internalType: "struct BondTerms",
        name: "terms",
        type: "tuple",
      },
      { internalType: "bool", name: "upheld", type: "bool" },
      { internalType: "string", name: "reason", type: "string" },
    ],
    name: "resolve",
    outputs: [],
    stateMutability: "nonpayable",
    type: "function",
  },
  {
    inputs: [{ internalType: "bytes4", name: "interfaceId", type: "bytes4" }],
    name: "supportsInterface",
    outputs: [{ internalType: "bool", name: "", type: "bool" }],
    stateMutability: "pure",
    type: "function",
  },
  {
    inputs: [{ internalType: "address payable", name: "to", type: "address" }],
    name: "withdraw",
    outputs: [{ internalType: "uint256", name: "amount", type: "uint256" }],
    stateMutability: "nonpayable",
    type: "function",
  },
] as const;

export const disputesBytecode =
  "0x60a080604052346100f1576020816121e2803803809161001f8285610108565b8339810103126100f157516001600160a01b0381168082036100f157803b158015610085575b61007357506080526040516120a29081610140823960805181818161112301528181611bbb0152611d600152f35b63762409df60e11b5f5260045260245ffd5b506040516301ffc9a760e01b815263ede556eb60e01b6004820152602081602481855afa9081156100fd575f916100be575b5015610045565b90506020813d6020116100f5575b816100d960209383610108565b810103126100f1575180151581036100f1575f6100b7565b5f80fd5b3d91506100cc565b6040513d5f823e3d90fd5b601f909101601f19168101906001600160401b0382119082101761012b57604052565b634e487b7160e01b5f52604160045260245ffdfe6080806040526004361015610012575f80fd5b5f3560e01c90816301ffc9a7146111475750806306433b1b146110d957806326d6c97b14610f27578063359ff0c414610f075780633aad01b914610eaf5780633cefc40414610e755780634e0dab741461099357806351cff8d9146107f457806352b65c4b146107ba578063569759ad146107815780635961808e146104465780636804a82d1461039e5780639987f78614610167578063deb966341461012b5763df18e047146100c1575f80fd5b346101275760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101275760043573ffffffffffffffffffffffffffffffffffffffff8116809103610127575f526001602052602060405f2054604051908152f35b5f80fd5b34610127575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101275760206040516301e133808152f35b34610127576101753661121e565b61017e8161148a565b90815f525f60205260405f2060ff815460a01c1660078110156103715780156103455760028103610299575060018101549264ffffffffff8460a01c16938442111561026957610267945073ffffffffffffffffffffffffffffffffffffffff6bffffffffffffffffffffffff6101f7604087016115ea565b1691165f52600160205261021060405f20918254611591565b90556006925b6bffffffffffffffffffffffff61022f604083016115ea565b1673ffffffffffffffffffffffffffffffffffffffff8454165f52600160205261025e60405f20918254611591565b90553590611fd2565b005b84827f3961195e000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b6001810361030b5750606082019264ffffffffff6102b68561152b565b164211156102cb576102679350600592610216565b64ffffffffff906102db8561152b565b907f3961195e000000000000000000000000000000000000000000000000000000005f526004521660245260445ffd5b61033b90847f0b7bfff9000000000000000000000000000000000000000000000000000000005f52600452611203565b600160445260645ffd5b837ff4778842000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b7f4e487b71000000000000000000000000000000000000000000000000000000005f52602160045260245ffd5b346101275760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101275760043567ffffffffffffffff81116101275760e07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc8236030112610127576024358015158103610127576044359167ffffffffffffffff83116101275761043b61026793369060040161128d565b929091600401611640565b60407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101275760043567ffffffffffffffff811161012757806004019060e07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc82360301126101275760243567ffffffffffffffff8111610127576104d390369060040161128d565b916104dd8461148a565b91825f525f60205260405f2060ff815460a01c166007811015610371578015610755576001810361072557506064830164ffffffffff61051c8261152b565b1642116106e5575061052d86611e84565b6105378583611efd565b61054e61054760c485018861153d565b3391611f69565b5080156106c5575b6106995761069464ffffffffff92600161059e8561059760847f04b4d79446a6ce4ef0fa7fb31c286c9e4ccbd344c2709ab604eeca9eba5a7acb990161152b565b1642611591565b84547fff0000000000ffffffffff00ffffffffffffffffffffffffffffffffffffffff164360d01b7effffffffff0000000000000000000000000000000000000000000000000000161774020000000000000000000000000000000000000000178555930180547fffffffffffffff0000000000ffffffffffffffffffffffffffffffffffffffff339081167fffffffffffffff000000000000000000000000000000000000000000000000009092169190911760a086901b78ffffffffff000000000000000000000000000000000000000016179091556040805195909416855260208501849052973596849384019161159e565b0390a4005b7f861b2020000000000000000000000000000000000000000000000000000000005f523360045260245ffd5b503373ffffffffffffffffffffffffffffffffffffffff82541614610556565b846106f564ffffffffff9261152b565b907ff208977d000000000000000000000000000000000000000000000000000000005f526004521660245260445ffd5b61033b90857f0b7bfff9000000000000000000000000000000000000000000000000000000005f52600452611203565b847ff4778842000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b34610127575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261012757602060405160108152f35b34610127575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360112610127576020604051610e108152f35b346101275760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101275760043573ffffffffffffffffffffffffffffffffffffffff811680910361012757335f52600160205260405f205490811561096757801561090757335f5260016020525f6040812055806040518381527fd1c19fbcd4551a5edfb66d43d2e337c04837afda3482b42bdf569a8fccdae5fb60203392a35f80808085855af13d15610962573d67ffffffffffffffff811161093557604051906108ed60207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f84011601836112f9565b81525f60203d92013e5b1561090757602082604051908152f35b7ff98a5eac000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b6108f7565b7f751b0fda000000000000000000000000000000000000000000000000000000005f523360045260245ffd5b61099c3661121e565b80359073ffffffffffffffffffffffffffffffffffffffff6109c96109c36020840161150a565b84611b4e565b16338103610e4657506109db81611e84565b610e104201804211610cd1576301e13380420190814211610cd157606083018164ffffffffff610a0a8361152b565b16108015610e2e575b610ded5750505060808101610e1064ffffffffff610a308361152b565b16108015610dd1575b610d885750610a4b60c082018261153d565b9081158015610d7e575b610d4d5760a08301610a66816115dc565b6101fe60ff82169160011b169080820460021490151715610cd1578310801590610d39575b610cfe57505f5b828110610bfb57505050610aa58161148a565b90815f525f60205260405f209260ff845460a01c16600781101561037157610bcf5760209373ffffffffffffffffffffffffffffffffffffffff33167fffffffffffffffffffffffff0000000000000000000000000000000000000000825416178155740100000000000000000000000000000000000000007fffffffffffffffffffffff00ffffffffffffffffffffffffffffffffffffffff82541617815580547fffffffffffff0000000000ffffffffffffffffffffffffffffffffffffffffff79ffffffffff0000000000000000000000000000000000000000004360a81b169116179055827fb1aa0778963b7749637ef1a713d4f8c5a642b38e90eeec620bf57ec92b1d240f60405186815280610bc433968983019061134c565b0390a4604051908152f35b827fb2991fba000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b80151580610c6a575b610c3f573373ffffffffffffffffffffffffffffffffffffffff610c31610c2c848787611603565b61150a565b161461069957600101610a92565b7f26a4c4c9000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b50610c79610c2c828585611603565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8201828111610cd15773ffffffffffffffffffffffffffffffffffffffff610cc7610c2c82938888611603565b1691161115610c04565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b60ff610d0a84926115dc565b7fc5409e72000000000000000000000000000000000000000000000000000000005f521660045260245260445ffd5b508260ff610d46836115dc565b1611610a8b565b507f289e6da0000000000000000000000000000000000000000000000000000000005f52600452601060245260445ffd5b5060108211610a55565b610d9764ffffffffff9161152b565b7fdebc3101000000000000000000000000000000000000000000000000000000005f5216600452610e106024526301e1338060445260645ffd5b506301e1338064ffffffffff610de68361152b565b1611610a39565b610dfc64ffffffffff9161152b565b7f9ba0bf90000000000000000000000000000000000000000000000000000000005f521660045260245260445260645ffd5b508264ffffffffff610e3f8361152b565b1611610a13565b827fabdaec8e000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b34610127575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101275760206040516108008152f35b34610127575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101275760206040517fe3be2a3506e95a13f1d36fd0112961fcb823dcc43869ebc34b8c5c3b75caa5a68152f35b34610127576020610f1f610f1a3661121e565b61148a565b604051908152f35b346101275760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360112610127575f60e0604051610f65816112dc565b8281528260208201528260408201528260608201528260808201528260a08201528260c082015201526004355f525f60205260405f2060405190610fa8826112dc565b80549073ffffffffffffffffffffffffffffffffffffffff8216835260ff8260a01c16906020840191600781101561037157825260408401908360a81c64ffffffffff168252606085019360d01c64ffffffffff1684526001015492608085019073ffffffffffffffffffffffffffffffffffffffff8516825260a08601928560a01c64ffffffffff16845260c08701948660c81c61ffff16865260e088019660d81c61ffff168752604051975173ffffffffffffffffffffffffffffffffffffffff168852516020880161107c91611211565b5164ffffffffff1660408701525164ffffffffff1660608601525173ffffffffffffffffffffffffffffffffffffffff1660808501525164ffffffffff1660a08401525161ffff1660c08301525161ffff1660e082015261010090f35b34610127575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261012757602060405173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000168152f35b346101275760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261012757600435907fffffffff00000000000000000000000000000000000000000000000000000000821680920361012757817f01ffc9a700000000000000000000000000000000000000000000000000000000602093149081156111d9575b5015158152f35b7fa1e8c80400000000000000000000000000000000000000000000000000000000915014836111d2565b600781101561037157602452565b9060078210156103715752565b60207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc820112610127576004359067ffffffffffffffff8211610127577ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc8260e0920301126101275760040190565b9181601f840112156101275782359167ffffffffffffffff8311610127576020838186019501011161012757565b359073ffffffffffffffffffffffffffffffffffffffff8216820361012757565b610100810190811067ffffffffffffffff82111761093557604052565b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff82111761093557604052565b359064ffffffffff8216820361012757565b60e08201908035835273ffffffffffffffffffffffffffffffffffffffff611376602083016112bb565b16602084015260408101356bffffffffffffffffffffffff811680910361012757604084015264ffffffffff6113ae6060830161133a565b16606084015264ffffffffff6113c66080830161133a565b16608084015260a081013560ff81168091036101275760a084015260c08101357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe1823603018112156101275701906020823592019267ffffffffffffffff8311610127578260051b3603841361012757826101009260e060c0840152520191905f5b8181106114555750505090565b90919260208060019273ffffffffffffffffffffffffffffffffffffffff61147c886112bb565b168152019401929101611448565b604051611504816114d860208201947fe3be2a3506e95a13f1d36fd0112961fcb823dcc43869ebc34b8c5c3b75caa5a6865246604084015230606084015260808084015260a083019061134c565b037fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe081018352826112f9565b51902090565b3573ffffffffffffffffffffffffffffffffffffffff811681036101275790565b3564ffffffffff811681036101275790565b9035907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe181360301821215610127570180359067ffffffffffffffff821161012757602001918160051b3603831361012757565b91908201809211610cd157565b601f82602094937fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe093818652868601375f8582860101520116010190565b3560ff811681036101275790565b356bffffffffffffffffffffffff811681036101275790565b91908110156116135760051b0190565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b919093929361164e8361148a565b93845f525f60205260405f209460ff865460a01c166007811015610371578015611b035760028103611aca5750600186019081549664ffffffffff8860a01c16804211611a9b575060c08701956116a8610547888a61153d565b9015611a6b576001901b9861ffff8a169961ffff8260c81c169061ffff808460d81c16918284171616611a3b579183918d936116e88e9f61178f97611efd565b8a15611a3157509b8c915b8a156119de57507affff000000000000000000000000000000000000000000000000007fffffffffff0000ffffffffffffffffffffffffffffffffffffffffffffffffff9161ffff8a5494161760c81b1691161786555b847f2c5c8f927d964fe55ccece819b267bb216f257465e30ba4bfbc643669cf29dac8b359485936040519182918d15158352604060208401523397604084019161159e565b0390a45f95898b175b61ffff811661197b575060a089019660ff6117b2896115dc565b161161196e5760408901966b7fffffffffffffffffffffff6117d3896115ea565b60011c1660ff6117e2836115dc565b168015611941576bffffffffffffffffffffffff919c999c04169b61ffff5f991617975b6118108a8c61153d565b905081101561187f5780808c8c600180951b8d16611832575b50505001611806565b73ffffffffffffffffffffffffffffffffffffffff92611858610c2c9261185e9461153d565b90611603565b165f52816020528d61187560405f20918254611591565b9055808c8c611829565b50949991965094999297506118959196506115ea565b60011b6c01fffffffffffffffffffffffe16916118b360ff916115dc565b1690818102918183041490151715610cd1578103908111610cd157611919958215611923575073ffffffffffffffffffffffffffffffffffffffff808554165b165f52600160205261190a60405f20918254611591565b90551561191b57600392611fd2565b565b600492611fd2565b73ffffffffffffffffffffffffffffffffffffffff809154166118f3565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601260045260245ffd5b5050505050945050505050565b967fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8114610cd157600101967fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff61ffff8216019061ffff8211610cd15716611798565b7fffffff0000ffffffffffffffffffffffffffffffffffffffffffffffffffffff1661ffff9092161760d81b7cffff0000000000000000000000000000000000000000000000000000001617865561174a565b90509b8c916116f3565b857f0bcf2ea3000000000000000000000000000000000000000000000000000000005f526004523360245260445ffd5b837f8bf19026000000000000000000000000000000000000000000000000000000005f526004523360245260445ffd5b827ff208977d000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b611af9917f0b7bfff9000000000000000000000000000000000000000000000000000000005f52600452611203565b600260445260645ffd5b507ff4778842000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b519064ffffffffff8216820361012757565b5190811515820361012757565b73ffffffffffffffffffffffffffffffffffffffff8216908115611d14576040517f81fa7ec700000000000000000000000000000000000000000000000000000000815281600482015282602482015260a08160448173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000165afa908115611d09575f91611c46575b50805160048110156103715715908115611c38575b50611c0a57505090565b7fad488f42000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b60209150015115155f611c00565b905060a0813d60a011611d01575b81611c6160a093836112f9565b81010312610127576040519060a0820182811067ffffffffffffffff821117610935576040528051906004821015610127576080918352611ca460208201611b41565b6020840152611cb560408201611b2f565b6040840152611cc660608201611b2f565b606084015201517fffffffffffffffffffffffffffffffffffffffff000000000000000000000000811681036101275760808201525f611beb565b3d9150611c54565b6040513d5f823e3d90fd5b9150604051917fc9100bcb00000000000000000000000000000000000000000000000000000000835280600484015260808360248173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000165afa928315611d09575f93611dde575b5073ffffffffffffffffffffffffffffffffffffffff835116158015611dd1575b611c0a5750505173ffffffffffffffffffffffffffffffffffffffff1690565b5060608301511515611db1565b9092506080813d608011611e7c575b81611dfa608093836112f9565b8101031261012757604051906080820182811067ffffffffffffffff82111761093557604052805173ffffffffffffffffffffffffffffffffffffffff8116810361012757611e70916060918452611e5460208201611b2f565b6020850152611e6560408201611b2f565b604085015201611b41565b6060820152915f611d90565b3d9150611ded565b6040016bffffffffffffffffffffffff611e9d826115ea565b163414801590611ef5575b611eaf5750565b611ec56bffffffffffffffffffffffff916115ea565b7f195a3ca1000000000000000000000000000000000000000000000000000000005f52346004521660245260445ffd5b503415611ea8565b508015611f41576108008111611f105750565b7f6a7213b8000000000000000000000000000000000000000000000000000000005f5260045261080060245260445ffd5b7ff04b4685000000000000000000000000000000000000000000000000000000005f5260045ffd5b929173ffffffffffffffffffffffffffffffffffffffff16905f5b818110611f965750505090505f905f90565b8273ffffffffffffffffffffffffffffffffffffffff611fba610c2c84868a611603565b1614611fc857600101611f84565b9350505060019190565b9091600784101561037157602073ffffffffffffffffffffffffffffffffffffffff827fb023e16e484085ebab58f867f4043e0ee47586dfc8d40c9b3e4ca2eb9bb9c93193547fffffffffffffffffffffff00ffffffffffffffffffffffffffffffffffffffff74ff00000000000000000000000000000000000000008960a01b1691161781555416946120696040518092611211565ba456fea26469706673582212206570f8d4e8bc5a0445e991bd73f44417f8c676e870cdaf0aa0a503db16b0e38e64736f6c63430008250033";

export const disputesRuntime = {
  start: 320,
  length: 8354,
  immutables: { REGISTRY: [4387, 7099, 7520] },
} as const;
