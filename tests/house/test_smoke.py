def test_cast(cast, client_of):
    assert cast.li.name == "李敏"
    assert cast.units is not None
